import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Received } from '../../infra/local/app-service/control/request-log.ts';
import { type BuildEvent, buildCompleted } from '../../infra/local/demo/event.ts';
import { type MessageSeen, messagesIn } from '../../infra/local/demo/observe-slack.ts';
import { type Flaw, makeBuild } from '../../infra/local/demo/sample-build.ts';
import { laneId } from '../../shared/lane/words.ts';
import { inputIdOf } from '../../shared/wire/ids.ts';
import { eventually } from './eventually.ts';
import type { RunningStack } from './running-stack.ts';
import { type DeploymentShown, type InputShown, type LaneShown, type MarkerShown, serviceApi } from './service-api.ts';
import { siteName } from './storefront.ts';

export interface Release {
  version: string;
  number: number;
  flaw?: Flaw;
  by?: string;
}

/** One lane of `storefront` as everybody around it sees it: its API, its site, its channel. */
export interface LaneUnderTest {
  id: string;
  /** Uploads the build and announces it on the queue; the event and the id its outcome can be read under. */
  ship(release: Release): Promise<{ event: BuildEvent; input: string }>;
  /** Sends an event; the id its outcome can be read under. */
  announce(event: BuildEvent): Promise<string>;
  /** What became of an input, once that is known. */
  outcome(input: string): Promise<InputShown>;
  /** Sends a command and waits what becomes of it. `token`: the sender's, where it is not the operator. */
  command(body: Record<string, unknown>, token?: string): Promise<InputShown>;
  shown(): Promise<LaneShown>;
  /** Newest first. */
  deployments(): Promise<DeploymentShown[]>;
  /** The newest deployment of a version, once it is in this stage. */
  reaches(version: string, stage: string, withinMs?: number): Promise<DeploymentShown>;
  /** Newest first. */
  markers(): Promise<MarkerShown[]>;
  /** Calls to this site that change it. */
  acts(): Promise<Received[]>;
  swaps(): Promise<Received[]>;
  /** Distinct versions a slot answers on ten new connections. */
  answers(slot: 'production' | 'staging'): Promise<string[]>;
  /** The messages about a deployment itself: no replies, no message about an error. */
  messagesOf(deployment: string): Promise<string[]>;
  messages(): Promise<MessageSeen[]>;
  /** A person's own act in the portal, carried out to its end. */
  person(act: 'swap' | { deploy: string }): Promise<void>;
}

const PATIENCE_MS = 90_000;

export function laneUnderTest(running: RunningStack, environment: string): LaneUnderTest {
  const { stack, dir, announcer, api } = running;
  const { addresses } = stack;
  const id = laneId('storefront', environment);
  const site = siteName(environment);
  const doors = addresses.sites[id];
  if (doors === undefined) throw new Error(`there is no lane ${id}`);
  const inLane = `?lane=${encodeURIComponent(id)}`;

  const outcome = (input: string): Promise<InputShown> =>
    eventually(
      `the outcome of ${input}`,
      PATIENCE_MS,
      () => api.get<InputShown>(`/api/v1/inputs/${encodeURIComponent(input)}`),
      ({ state }) => state !== 'pending',
    );
  const announce = async (event: BuildEvent): Promise<string> => {
    await announcer.announce(event, event.id);
    return inputIdOf(id, event.source, event.id);
  };
  const deployments = async (): Promise<DeploymentShown[]> =>
    (await api.get<{ deployments: DeploymentShown[] }>(`/api/v1/deployments${inLane}`)).deployments;
  const acts = async (): Promise<Received[]> =>
    (await running.received()).filter((call) => isAct(call) && (call.site ?? armSiteOf(call)) === site);
  const messages = (): Promise<MessageSeen[]> => messagesIn(addresses.slack, '#deployments');

  return {
    id,
    outcome,
    deployments,
    acts,
    messages,
    async ship({ version, number, flaw, by = 'Ada Lovelace' }) {
      const build = makeBuild(version, flaw);
      const url = await announcer.upload(`${environment}-${version}.zip`, build.zip);
      const event = buildCompleted({
        id: `${environment}-${number}`,
        app: 'storefront',
        environment,
        build,
        url,
        sha256: build.sha256,
        number,
        requestedBy: { name: by, email: 'someone@example.com' },
        commits: [`work for ${version}`],
        at: new Date(),
      });
      return { event, input: await announce(event) };
    },
    announce,
    async command(body, token) {
      const sender = token === undefined ? api : serviceApi(addresses.service, token);
      const { location } = await sender.post('/api/v1/commands', { lane: id, ...body });
      return outcome(decodeURIComponent(location?.split('/').at(-1) ?? ''));
    },
    shown: () => api.get<LaneShown>(`/api/v1/lanes/${encodeURIComponent(id)}`),
    reaches: async (version, stage, withinMs = PATIENCE_MS) => {
      const found = await eventually(
        `${version} ${stage} in ${id}`,
        withinMs,
        async () => (await deployments()).find(({ build }) => build.version === version),
        (record) => record?.stage === stage,
      );
      if (found === undefined) throw new Error('found nothing');
      return found;
    },
    markers: async () => (await api.get<{ markers: MarkerShown[] }>(`/api/v1/markers${inLane}`)).markers,
    swaps: async () => (await acts()).filter(isSwap),
    async answers(slot) {
      const said = await Promise.all(Array.from({ length: 10 }, () => versionAt(doors[slot])));
      return [...new Set(said)];
    },
    async messagesOf(deployment) {
      const own = (await messages()).filter(
        ({ thread, says }) =>
          thread === null && says.includes(`deployment ${deployment}`) && !says.includes('error group '),
      );
      return own.map(({ says }) => says);
    },
    async person(act) {
      const body: Record<string, unknown> = { site, slot: 'staging', wait: true };
      if (act === 'swap') body.act = 'swap';
      else {
        body.act = 'deploy';
        body.zip = join(dir, `${environment}-by-hand-${act.deploy}.zip`);
        writeFileSync(String(body.zip), makeBuild(act.deploy).zip);
      }
      const answer = await fetch(`${addresses.control}/_control/person`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`a person's act was answered ${answer.status}: ${await answer.text()}`);
    },
  };
}

/** Reading settings is a POST in ARM; it changes nothing. */
const isAct = ({ method, path }: Received): boolean => method !== 'GET' && !/\/config\/[a-z]+\/list(\?|$)/i.test(path);

const armSiteOf = ({ path }: Received): string | undefined => /\/sites\/([^/?]+)/i.exec(path)?.[1];

const isSwap = ({ path }: Received): boolean => /\/slotsswap(\?|$)/i.test(path);

async function versionAt(origin: string): Promise<string> {
  const answer = await fetch(`${origin}/version.json`, { headers: { connection: 'close' } });
  if (!answer.ok) return `status ${answer.status}`;
  return ((await answer.json()) as { version: string }).version;
}
