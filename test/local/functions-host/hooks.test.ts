import { afterAll, expect, test } from 'vitest';
import { closeHosts, eventually, startHost } from './fixture-app.ts';

afterAll(closeHosts);

test('hooks run in the order of the worker and may replace inputs, handler, result and error', async () => {
  const host = await startHost(`
    const order = [];
    app.hook.appStart((context) => { order.push('start'); context.hookData.shared = 'yes'; });
    app.hook.preInvocation((context) => {
      order.push('pre');
      context.hookData.mine = 1;
      context.inputs = [context.inputs[0], ...context.inputs.slice(1)];
      if (context.invocationContext.functionName === 'replaced') context.functionHandler = async () => ({ body: 'other handler' });
      if (context.invocationContext.functionName === 'refused') throw new Error('pre says no');
    });
    app.hook.postInvocation((context) => {
      order.push('post ' + context.hookData.mine);
      if (context.error) { context.result = { status: 418, body: String(context.error.message) }; context.error = undefined; }
    });
    app.http('plain', { handler: async () => { order.push('handler'); return { jsonBody: order }; } });
    app.http('replaced', { handler: async () => ({ body: 'own handler' }) });
    app.http('cleared', { handler: async () => { throw new Error('cleared by the hook'); } });
    app.http('refused', { handler: async () => ({ body: 'never' }) });
  `);
  const get = (name: string): Promise<Response> => fetch(`${host.service}/api/${name}`);
  expect(await (await get('plain')).json()).toEqual(['start', 'pre', 'handler', 'post 1']);
  expect(await (await get('replaced')).text()).toBe('other handler');
  const cleared = await get('cleared');
  expect([cleared.status, await cleared.text()]).toEqual([418, 'cleared by the hook']);
  expect((await get('refused')).status).toBe(500);
});

test('the log hook sees and changes what a function logs; appTerminate runs at the end', async () => {
  const host = await startHost(`
    let logged = 0;
    app.hook.log((context) => { logged += 1; context.message = context.message.toUpperCase(); context.level = 'warning'; });
    app.hook.appTerminate(() => { console.assert(logged > 0); process.emit('fixture-terminated', logged); });
    app.http('speak', { handler: async (request, context) => { context.log('hello %s', 'there'); context.debug('quiet'); return {}; } });
  `);
  let terminated: unknown;
  const events = process as NodeJS.EventEmitter;
  events.once('fixture-terminated', (count: unknown) => {
    terminated = count;
  });
  await fetch(`${host.service}/api/speak`);
  expect(host.lines).toContainEqual(
    expect.objectContaining({ level: 'warning', function: 'speak', message: 'HELLO THERE' }),
  );
  expect(terminated).toBeUndefined();
  await host.close();
  expect(terminated).toBe(2);
});

test('a log call after the end of an invocation is warned about, and debug lines are left out', async () => {
  const host = await startHost(`
    app.http('late', { handler: async (request, context) => { setTimeout(() => context.log('too late'), 20); context.debug('unseen'); return {}; } });
  `);
  await fetch(`${host.service}/api/late`);
  await eventually(() => host.lines.some((line) => line.message === 'too late'));
  expect(host.lines.some((line) => line.level === 'warning' && /after function execution/.test(line.message))).toBe(
    true,
  );
  expect(host.lines.some((line) => line.message === 'unseen')).toBe(false);
});

test('an invocation over functionTimeout fails and is told as critical', async () => {
  const host = await startHost(
    `app.http('long', { handler: async () => { await new Promise((r) => setTimeout(r, 8000)); return {}; } });`,
    { functionTimeout: '00:00:00.3' },
  );
  const started = performance.now();
  expect((await fetch(`${host.service}/api/long`)).status).toBe(500);
  expect(performance.now() - started).toBeLessThan(7_000);
  expect(host.lines).toContainEqual(
    expect.objectContaining({ level: 'critical', message: expect.stringContaining('"long" timed out') }),
  );
});
