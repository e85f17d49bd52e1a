import type { TokenCredential } from '@azure/identity';
import type { Answer, Question, Sent, SitePort } from '../../ports.ts';
import type { Trace } from '../../trace.ts';
import { networkOf } from '../http/public-network.ts';
import { openArm } from './arm.ts';
import { type Fresh, freshOver } from './fresh-request.ts';
import { type Hosts, hostBook } from './hosts.ts';
import { look } from './look.ts';
import { pollPublish, sendPublish } from './publish.ts';
import type { Reach } from './reach.ts';
import { sendReset } from './reset.ts';
import { readSettings, sendSettings } from './settings.ts';
import { slotLook } from './slot-look.ts';
import { pollSwap, sendSwap } from './swap.ts';
import { keptToken } from './token.ts';

/**
 * App Service behind the port: ARM at the endpoint, Kudu and the apps where ARM says they are, on the public internet or in one of the
 * allowed networks. `trace`: what a request to ARM sent now continues.
 */
export function sitePort(
  endpoint: string,
  credential: TokenCredential,
  now: () => Date,
  allowedNetworks: readonly string[],
  trace: () => Trace | null,
): SitePort {
  const token = keptToken(credential, now);
  const reach: Reach = { fresh: freshOver(networkOf(allowedNetworks)), token };
  const arm = openArm(endpoint, token, trace);
  const book = hostBook(arm, now);

  /** What must be had before anything is sent; without it nothing was, which is as definite as a refusal. */
  const prepared = async (prepare: () => Promise<unknown>, send: () => Promise<Sent>): Promise<Sent> => {
    try {
      await prepare();
    } catch (error) {
      return { end: 'refused', because: `nothing was sent: ${error instanceof Error ? error.message : String(error)}` };
    }
    return send();
  };
  const withToken = (send: () => Promise<Sent>): Promise<Sent> => prepared(() => token.getToken(), send);

  return {
    look: (site, question) => look(arm(site.subscriptionId), book, reach, now, site, question),

    sendSwap: (site, intent, deadlineMs) =>
      withToken(() => sendSwap(arm(site.subscriptionId), site, intent, deadlineMs)),

    async sendPublish(site, intent, packageUrl, deadlineMs) {
      let hosts: Hosts = { app: '', scm: '' };
      const prepare = async (): Promise<void> => {
        [hosts] = await Promise.all([book.of(site, 'staging'), token.getToken()]);
      };
      return prepared(prepare, () => sendPublish(hosts, reach, intent, packageUrl, deadlineMs));
    },

    settings: (site) => readSettings(arm(site.subscriptionId), site),
    sendSettings: (site, intent, settings, deadlineMs) =>
      withToken(() => sendSettings(arm(site.subscriptionId), site, intent, settings, deadlineMs)),

    sendReset: (site, intent, deadlineMs) =>
      withToken(() => sendReset(arm(site.subscriptionId), site, intent, deadlineMs)),

    pollSwap: (site, text) => pollSwap(arm(site.subscriptionId), text),
    pollPublish: async (site, text) => pollPublish(await book.of(site, 'staging'), reach, text),

    ask: async (site, slot, question) => ask(reach.fresh, (await book.of(site, slot)).app, question),
    identity: async (site, slot, versionFrom) => (await slotLook(await book.of(site, slot), reach, versionFrom)).shown,
    address: async (site, slot) => `https://${(await book.of(site, slot)).app}`,
  };
}

async function ask(fresh: Fresh, host: string, { path, timeoutMs, bodyBytes }: Question): Promise<Answer> {
  try {
    return { answered: true, ...(await fresh({ host, path, timeoutMs, bodyBytes })) };
  } catch (error) {
    return { answered: false, because: error instanceof Error ? error.message : String(error) };
  }
}
