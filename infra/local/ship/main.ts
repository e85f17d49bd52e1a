import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { appOf, environmentOf, type LaneId } from '../../../shared/lane/words.ts';
import { inputIdOf } from '../../../shared/wire/ids.ts';
import { openAnnouncer } from '../demo/announce.ts';
import { buildCompleted } from '../demo/event.ts';
import { askService, type InputSeen } from '../demo/observe-service.ts';
import { makeBuild } from '../demo/sample-build.ts';
import { until } from '../demo/until.ts';
import { root } from '../root.ts';
import type { StackAddresses } from '../stack.ts';
import { readShipOptions, type ShipOptions } from './arguments.ts';
import { findRunning } from './running.ts';

/** `npm run ship -- 1.0.0`: a build of the sample app is made, uploaded and announced to what `npm start` runs. */
async function main(): Promise<void> {
  const options = readShipOptions(process.argv.slice(2), { dataDir: join(root, '.data') });
  const addresses = await findRunning(options.dataDir);
  const lane = Object.keys(addresses.sites)[0] as LaneId | undefined;
  if (lane === undefined) throw new Error('the stack that runs has no lane');
  const input = await announce(addresses, lane, options);
  const { state, because, deployment } = await outcome(addresses, input);
  const { version } = options;
  if (state === 'ignored') throw new Error(`${lane} refused ${version}: ${because}`);
  console.log(
    `${version} is accepted in ${lane}: ${because}${deployment === null ? '' : ` (deployment ${deployment})`}`,
  );
  console.log(whereToLook(addresses, lane));
  if (options.flaw === 'throws') console.log(howToSeeErrors(addresses, lane));
}

/** The id under which the outcome can be read. */
async function announce(addresses: StackAddresses, lane: LaneId, { version, flaw }: ShipOptions): Promise<string> {
  const build = makeBuild(version, flaw);
  const announcer = openAnnouncer(addresses);
  try {
    const url = await announcer.upload(`${build.sha256}.zip`, build.zip);
    const at = new Date();
    const event = buildCompleted({
      id: randomUUID(),
      app: appOf(lane),
      environment: environmentOf(lane),
      build,
      url,
      sha256: build.sha256,
      // Later builds have higher numbers, over restarts too.
      number: Math.floor(at.getTime() / 1_000),
      requestedBy: { name: 'A local person', email: 'person@example.com' },
      commits: [flaw === 'none' ? `Release ${version}` : `Release ${version}, which ${flawOf(flaw)}`],
      at,
    });
    await announcer.announce(event, event.id);
    return inputIdOf(lane, event.source, event.id);
  } finally {
    await announcer.close();
  }
}

const flawOf = (flaw: ShipOptions['flaw']): string =>
  flaw === 'throws' ? 'throws on some requests' : "is broken under production's own settings";

async function outcome({ service, token }: StackAddresses, input: string): Promise<InputSeen> {
  const asked = askService(service, token);
  return until(`the answer to ${input}`, 20_000, new AbortController().signal, async () => {
    const seen = await asked.input(input);
    return seen.state === 'pending' ? { seen: 'it waits in its queue' } : { answer: seen };
  });
}

function whereToLook({ service, slack, sites, token }: StackAddresses, lane: LaneId): string {
  return [
    `  Slack       ${slack}`,
    `  production  ${sites[lane]?.production}`,
    `  its slot    ${sites[lane]?.staging}`,
    `  the API     curl -H 'Authorization: Bearer ${token}' '${service}/api/v1/deployments?lane=${lane}'`,
  ].join('\n');
}

/** The flaw shows under traffic only, as such flaws do. */
const howToSeeErrors = ({ sites }: StackAddresses, lane: LaneId): string =>
  `Once it is live, every fifth quote fails:\n  for i in $(seq 60); do curl -s -o /dev/null ${sites[lane]?.production}/api/quote; done`;

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
