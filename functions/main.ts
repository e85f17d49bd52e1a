import { app } from '@azure/functions';
import { noteFault } from './note-fault.ts';

// Chunked request bodies arrive empty unless HTTP is streamed (facts of the runtime): a webhook must never look like "nothing".
app.setup({ enableHttpStream: true });

// Every function runs as a span of its caller's trace, and without one where what makes spans cannot be loaded: a throw here, where
// nothing catches it, would keep the handler from running and leave a caller without an answer.
app.hook.preInvocation((hook) => {
  const handler = hook.functionHandler;
  hook.functionHandler = async (input, context) => {
    const spans = await import('./invocation.ts').catch(async (error: unknown) => {
      await noteFault(context, 'span', error);
      return null;
    });
    return spans === null ? handler(input, context) : spans.asSpan(context, input, () => handler(input, context));
  };
});

// Only what names the functions is loaded at the start; what a function does is loaded with its first event. The start is paid by
// every new instance, and most of them are there for error reports alone.
import './http/routes.ts';
import './queue/queues.ts';
import './timer/timers.ts';
