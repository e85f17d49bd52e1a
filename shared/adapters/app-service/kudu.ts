import { LastingFailure, Unavailable } from '../../ports.ts';
import { retryAtOf } from '../http/retry-after.ts';
import type { FreshAnswer } from './fresh-request.ts';
import type { Hosts } from './hosts.ts';
import type { Reach } from './reach.ts';

/** What we read of Kudu's DeployResult. Status: 0 pending, 1 building, 2 deploying, 3 failed, 4 success. */
export interface KuduDeployment {
  id: string;
  status: number;
  complete: boolean;
  active: boolean;
  message: string;
  statusText: string;
}

const TIMEOUT_MS = 10_000;
const LIST_BYTES = 4_000_000;

/** The deployments a slot's content came from, as its Kudu lists them. Throws Unavailable or LastingFailure. */
export async function kuduDeployments(hosts: Hosts, reach: Reach): Promise<KuduDeployment[]> {
  const list = await read(hosts, reach, '/api/deployments');
  if (!Array.isArray(list)) throw new Unavailable(`Kudu at ${hosts.scm} did not answer with its deployments`);
  return list.map(toDeployment);
}

/** One deployment by its id; null: Kudu does not know it. Throws as above. */
export async function kuduDeployment(hosts: Hosts, reach: Reach, id: string): Promise<KuduDeployment | null> {
  const found = await read(hosts, reach, `/api/deployments/${encodeURIComponent(id)}`, 404);
  return found === null ? null : toDeployment(found);
}

async function read(hosts: Hosts, { fresh, token }: Reach, path: string, missing?: 404): Promise<unknown> {
  const what = `Kudu at ${hosts.scm}`;
  const { token: bearer } = await token.getToken();
  const headers = { authorization: `Bearer ${bearer}`, accept: 'application/json' };
  let answer: FreshAnswer;
  try {
    answer = await fresh({ host: hosts.scm, path, headers, timeoutMs: TIMEOUT_MS, bodyBytes: LIST_BYTES });
  } catch (error) {
    if (error instanceof LastingFailure) throw error;
    throw new Unavailable(`${what} does not answer`, { cause: error });
  }
  const { status } = answer;
  if (status === missing) return null;
  if (status === 401 || status === 403 || status === 404) throw new LastingFailure(`${what} answers ${status}`);
  if (status < 200 || status > 299)
    throw new Unavailable(`${what} answers ${status}`, { retryAt: retryAtOf(answer.headers['retry-after']) });
  try {
    return JSON.parse(answer.body);
  } catch (error) {
    throw new Unavailable(`${what} answers something that is not JSON`, { cause: error });
  }
}

function toDeployment(raw: unknown): KuduDeployment {
  const from = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<string, unknown>;
  return {
    id: String(from.id ?? ''),
    status: Number(from.status ?? 0),
    complete: from.complete === true,
    active: from.active === true,
    message: String(from.message ?? ''),
    statusText: String(from.status_text ?? ''),
  };
}
