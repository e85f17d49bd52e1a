import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, readBody, urlOf, writeAnswer } from '../call.ts';
import type { Timing } from '../config.ts';
import type { OnRequest } from '../listener.ts';
import { holding } from '../slots/operations.ts';
import type { World } from '../world.ts';
import type { Faults } from './faults.ts';
import { actAsPerson } from './person.ts';
import type { RequestLog } from './request-log.ts';
import { armFrom, clearAll } from './switches.ts';

/** The control port: no part of Azure, but the hand of a test or a person on it. Answers JSON, errors as `{error}`. */
export function controlOf(world: World, configured: Timing, log: RequestLog, faults: Faults): OnRequest {
  return (request, response) => {
    answer(world, configured, log, faults, request, response).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy();
      writeAnswer(response, { status: 500, body: { error: String(error) } });
    });
  };
}

async function answer(
  world: World,
  configured: Timing,
  log: RequestLog,
  faults: Faults,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = urlOf(request);
  const body = objectOf(await readBody(request));
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /_control/requests':
      return writeAnswer(response, {
        status: 200,
        body: { requests: log.since(Number(url.searchParams.get('since') ?? 0)) },
      });
    case 'GET /_control/faults':
      return writeAnswer(response, { status: 200, body: { faults: faults.armed() } });
    case 'POST /_control/faults':
      return writeAnswer(response, body === undefined ? notJson : armFrom(world, faults, body));
    case 'DELETE /_control/faults':
      clearAll(world, faults, configured);
      return writeAnswer(response, { status: 204 });
    case 'POST /_control/person':
      return writeAnswer(response, body === undefined ? notJson : await actAsPerson(world, body));
    case 'GET /_control/state':
      return writeAnswer(response, { status: 200, body: stateOf(world) });
    default:
      return writeAnswer(response, { status: 404, body: { error: `nothing at ${request.method} ${url.pathname}` } });
  }
}

const notJson: Answer = { status: 400, body: { error: 'the body is no JSON object' } };

function objectOf(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Everything as it really is at this moment, without lag: per slot its content, settings and process, and what holds the site. */
function stateOf(world: World): object {
  const sites = [...world.sites.values()].map((site) => {
    const slots = [...site.slots.values()].map(({ name, hostName, scmHostName, runner }) => {
      const stored = site.stored.slots[name];
      const health = runner.isEmpty ? 'empty' : runner.worker === undefined ? 'down' : 'up';
      return [name, { hostName, scmHostName, health, pid: runner.worker?.pid ?? null, ...stored }];
    });
    const operation = holding(site, Date.now()) ?? null;
    return [site.name, { slots: Object.fromEntries(slots), slotConfigNames: site.stored.slotConfigNames, operation }];
  });
  return { timing: world.timing, sites: Object.fromEntries(sites) };
}
