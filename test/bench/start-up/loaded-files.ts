import { register } from 'node:module';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';

/** Node's own way to see what is loaded: hooks in a thread of their own, which tell before a module runs. */
const hooks = `
let port;
export const initialize = (data) => { port = data.port; };
export const load = (url, context, next) => { port.postMessage(url); return next(url, context); };
`;

/** From now on notes every module this process loads by `import`. @returns their addresses so far, in order */
export function noteLoadedFiles(): () => string[] {
  const { port1, port2 } = new MessageChannel();
  const address = `data:text/javascript,${encodeURIComponent(hooks)}`;
  register(address, { data: { port: port2 }, transferList: [port2] });
  port1.unref();
  const seen: string[] = [];
  return () => {
    for (let one = receiveMessageOnPort(port1); one !== undefined; one = receiveMessageOnPort(port1))
      seen.push(String(one.message));
    return seen;
  };
}
