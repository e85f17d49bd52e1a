import { app } from '@azure/functions';

// Chunked request bodies arrive empty unless HTTP is streamed (facts of the runtime): a webhook must never look like "nothing".
app.setup({ enableHttpStream: true });

// Every function runs as a span of its caller's trace. A hook that threw would keep the handler from running at all.
app.hook.preInvocation((hook) => {
  const handler = hook.functionHandler;
  hook.functionHandler = async (input, context) => {
    const { asSpan } = await import('./invocation.ts');
    return asSpan(context, input, () => handler(input, context));
  };
});

// Only what names the functions is loaded at the start; what a function does is loaded with its first event. The start is paid by
// every new instance, and most of them are there for error reports alone.
import './http/routes.ts';
import './queue/queues.ts';
import './timer/timers.ts';
