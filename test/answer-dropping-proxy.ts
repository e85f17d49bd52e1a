import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AnswerDroppingProxy {
  port: number;
  /** Lets the next requests that match through and then drops the connection instead of answering. */
  dropAnswers(count: number, matching: (method: string, url: string) => boolean): void;
  /** Requests that passed, `METHOD path`. */
  passed: string[];
  close(): Promise<void>;
}

/** A door in front of a local http service which can lose answers: what was asked for is then done, and the asker does not know. */
export async function answerDroppingProxy(targetPort: number): Promise<AnswerDroppingProxy> {
  let toDrop = 0;
  let matches: (method: string, url: string) => boolean = () => false;
  const passed: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming;
    const dropped = toDrop > 0 && matches(method, url);
    if (dropped) toDrop -= 1;
    passed.push(`${method} ${url.split('?')[0]}`);
    const forwarded = request({ port: targetPort, host: '127.0.0.1', method, path: url, headers }, (answer) => {
      if (dropped) {
        answer.resume().once('end', () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.once('error', () => incoming.socket.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    passed,
    dropAnswers(count, matching) {
      toDrop = count;
      matches = matching;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
