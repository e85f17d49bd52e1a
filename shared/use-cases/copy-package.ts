import type { Input } from '../lane/input.ts';
import type { PackageOrder } from '../lane/outgoing.ts';
import { LastingFailure, type Ports, Unavailable } from '../ports.ts';
import { backOffMs } from './back-off.ts';

/** One copy ends within this; it is why copying has a queue of its own. */
export const copyDeadlineMs = 90_000;
const mostBytes = 2 * 1024 ** 3;
/** A source that is down is asked this often before the deployment is told. */
const mostTries = 5;

export interface OrderDone {
  lane: string;
  deployment: string;
  outcome: 'copied' | 'refused' | 'later';
  because: string;
}

/** Copies one artefact into our container; what became of it goes to the lane as an input. */
export async function copyPackage(ports: Ports, order: PackageOrder, tries: number): Promise<OrderDone> {
  const told = { lane: order.lane, deployment: order.deployment };
  try {
    const copied = await ports.packages.copy(order.url, order.sha256, {
      maxBytes: order.size ?? mostBytes,
      deadlineMs: copyDeadlineMs,
    });
    if (!copied.copied) return await refuse(ports, order, copied.because);
    await ports.inbox.send(
      { ...inputOf(order, 'copied'), type: 'package-copied', sha256: order.sha256 },
      { purpose: '' },
    );
    return { ...told, outcome: 'copied', because: `${copied.size} bytes` };
  } catch (error) {
    if (error instanceof LastingFailure) return refuse(ports, order, error.message);
    if (!(error instanceof Unavailable)) throw error;
    if (tries >= mostTries) return refuse(ports, order, error.message);
    const at = error.retryAt ?? new Date(ports.now().getTime() + backOffMs(tries));
    await ports.packageOrders.order(order, { purpose: `~${order.attempt}~${tries + 1}`, at, attempt: tries + 1 });
    return { ...told, outcome: 'later', because: error.message };
  }
}

async function refuse(ports: Ports, order: PackageOrder, because: string): Promise<OrderDone> {
  await ports.inbox.send({ ...inputOf(order, 'refused'), type: 'package-refused', because }, { purpose: '' });
  return { lane: order.lane, deployment: order.deployment, outcome: 'refused', because };
}

/** What came of one attempt is one input, however often it has to be sent. */
function inputOf({ lane, deployment, attempt }: PackageOrder, what: 'copied' | 'refused') {
  return { id: `${lane}~package-${deployment}-${what}${attempt}` as Input['id'], lane, deployment, attempt };
}
