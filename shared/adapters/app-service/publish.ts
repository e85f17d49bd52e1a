import type { Polled } from '../../lane/effect.ts';
import type { Published } from '../../lane/look.ts';
import type { IntentId } from '../../lane/words.ts';
import { LastingFailure, type Sent } from '../../ports.ts';
import type { Hosts } from './hosts.ts';
import { type KuduDeployment, kuduDeployment, kuduDeployments } from './kudu.ts';
import type { Reach } from './reach.ts';
import { notAccepted } from './sent.ts';

/** Kudu's numbers. */
const FAILED = 3;
const SUCCESS = 4;

/** What a poll of a publish needs: Kudu's id where it told one, and the intent, which is the record's message. */
interface PublishToken {
  kudu: string | null;
  intent: string;
}

/**
 * Asks Kudu to fetch the package and deploy it. By zipdeploy, not publish: its record carries our message, so a publish of
 * unknown outcome can be found again.
 */
export async function sendPublish(
  hosts: Hosts,
  { fresh, token }: Reach,
  intent: IntentId,
  packageUrl: string,
  deadlineMs: number,
): Promise<Sent> {
  const { token: bearer } = await token.getToken();
  const query = new URLSearchParams({
    isAsync: 'true',
    deployer: 'warmswap',
    message: intent,
    trackDeploymentProgress: 'true',
  });
  try {
    const answer = await fresh({
      method: 'PUT',
      host: hosts.scm,
      path: `/api/zipdeploy?${query}`,
      headers: {
        authorization: `Bearer ${bearer}`,
        'content-type': 'application/json',
        'x-ms-client-request-id': intent,
      },
      body: JSON.stringify({ packageUri: packageUrl }),
      timeoutMs: deadlineMs,
      bodyBytes: 10_000,
    });
    if (answer.status < 200 || answer.status > 299) {
      // Some of what Kudu says repeats the request; the address of the package is a secret.
      const said = answer.body.replaceAll(packageUrl, '(package)').slice(0, 500).trim();
      return notAccepted(answer.status, `Kudu answers ${answer.status}: ${said}`, answer.headers['retry-after']);
    }
    const made: PublishToken = { kudu: answer.headers['scm-deployment-id'] ?? null, intent };
    const complete = answer.status === 200;
    return { end: 'done', value: { token: complete ? null : JSON.stringify(made), complete } };
  } catch (error) {
    // Judged before a connection is made: nothing was sent.
    if (error instanceof LastingFailure) return { end: 'refused', because: error.message };
    return { end: 'unknown', because: error instanceof Error ? error.message : String(error) };
  }
}

/** Ended well only when it is complete, successful and what the slot holds. Throws Unavailable. */
export async function pollPublish(hosts: Hosts, reach: Reach, text: string): Promise<Polled> {
  const asked = readToken(text);
  if (asked === null) return { state: 'lost', because: 'the token of the publish cannot be read' };
  try {
    const found =
      asked.kudu === null
        ? ((await kuduDeployments(hosts, reach)).find(({ message }) => message === asked.intent) ?? null)
        : await kuduDeployment(hosts, reach, asked.kudu);
    if (found === null) return { state: 'lost', because: 'Kudu does not know the deployment' };
    return polled(found);
  } catch (error) {
    if (error instanceof LastingFailure) return { state: 'lost', because: error.message };
    throw error;
  }
}

function polled(deployment: KuduDeployment): Polled {
  if (!deployment.complete && deployment.status !== FAILED) return { state: 'running' };
  if (deployment.status !== SUCCESS) return { state: 'ended', well: false, because: failureOf(deployment) };
  return deployment.active
    ? { state: 'ended', well: true, because: 'complete and active' }
    : { state: 'ended', well: false, because: 'complete, but the slot holds another deployment' };
}

/** What became of the publish sent under the intent, by the message of its record. Kudu lists the newest first. */
export function publishedUnder(deployments: KuduDeployment[], intent: IntentId): Published {
  const found = deployments.find(({ message }) => message === intent);
  if (found === undefined) return { state: 'none' };
  const kudu = found.id;
  if (found.status === FAILED) return { state: 'failed', kudu, because: failureOf(found) };
  if (!found.complete) return { state: 'running', kudu };
  if (found.status !== SUCCESS) return { state: 'failed', kudu, because: failureOf(found) };
  return { state: 'complete', kudu, active: found.active };
}

const failureOf = ({ status, statusText }: KuduDeployment): string =>
  statusText === '' ? `Kudu's status is ${status}` : statusText;

function readToken(text: string): PublishToken | null {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== 'object' || read === null || !('kudu' in read) || !('intent' in read)) return null;
    const { kudu, intent } = read;
    return typeof intent === 'string' && (kudu === null || typeof kudu === 'string') ? { kudu, intent } : null;
  } catch {
    return null;
  }
}
