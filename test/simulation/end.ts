import { isDeepStrictEqual } from 'node:util';
import { faultIn, linkOf } from '../../shared/adapters/tables/journal-check.ts';
import { headIn } from '../../shared/adapters/tables/lane-rows.ts';
import { fromRow } from '../../shared/adapters/tables/row.ts';
import type { Seen } from '../../shared/lane/effect.ts';
import type { InputId, Marker } from '../../shared/lane/words.ts';
import { lane, type World } from './world.ts';

/** Whether everything is over; and when it is, whether it ended as it must. */
export function endsWell(world: World, commands: { sent: InputId[]; left(): number }): () => boolean {
  return () => {
    if (world.eventsToCome > 0 || commands.left() > 0 || !isOver(world)) return false;
    answered(world, [...world.announced, ...commands.sent]);
    ended(world);
    marked(world);
    chained(world);
    return true;
  };
}

function isOver({ core, laws, site, network, queues, rows }: World): boolean {
  if (
    laws.lane === null ||
    core.standing > 0 ||
    site.operation !== null ||
    !network.quiet ||
    core.scheduler.count() > 0
  )
    return false;
  const { active, queue, hold } = laws.lane;
  if (active !== null || (queue.length > 0 && hold === null)) return false;
  // What is left lying may only be the clock: wakes to come, and wakes of steps that are over.
  const now = core.time.now();
  const lying = Object.values(queues).flatMap((each) => [...each.lying(lane), ...each.lying(null)]);
  if (lying.some(({ id, due }) => due <= now || !id.includes('~wake'))) return false;
  return (
    rows.lanes.query({ filter: `PartitionKey eq '${lane}' and RowKey ge 'effect!' and RowKey lt 'effect"'` }).length ===
    0
  );
}

/** No event is lost: each was answered, and the answer can be read. */
function answered({ core, rows }: World, inputs: InputId[]): void {
  for (const input of inputs) {
    const key = `seen!${input}`;
    const row = rows.lanes.get(lane, key);
    if (row === null) throw core.broken('every event is answered', input);
    const { outcome, deployment, told } = fromRow<Seen>(row);
    core.say('end', `${input} ${outcome}: ${told}`);
    if (outcome === 'applied' && input.includes('event') && deployment === null)
      core.broken('an accepted build has a deployment', input);
  }
}

function ended({ core, laws, rows }: World): void {
  for (const record of laws.records.values()) {
    core.say(
      'end',
      `${record.kind} ${record.build.version} ${record.id}: ${record.outcome ?? record.stage} ${record.why}`,
    );
    const waits = record.stage === 'queued' && laws.lane?.hold !== null;
    if (record.outcome === null && !waits) core.broken('every deployment ends', `${record.id} is ${record.stage}`);
  }
  if (rows.letters.query({ filter: "RowKey ge 'at!'" }).length > 0)
    core.broken('nothing of ours is unreadable', 'a dead letter');
}

/** One marker for each going-live, and none without. */
function marked({ core, laws, rows }: World): void {
  const markers = rows.markers
    .query({ filter: `PartitionKey eq '${lane}' and RowKey lt ':'` })
    .map((row) => fromRow<Marker>(row));
  const byUs = markers
    .filter(({ kind }) => kind !== 'external')
    .map(({ deployment, kind, liveAt }) => ({ deployment: String(deployment), kind, liveAt: liveAt.getTime() }));
  const sorted = <Item extends { liveAt: number }>(items: Item[]): Item[] =>
    items.toSorted((a, b) => a.liveAt - b.liveAt);
  if (!isDeepStrictEqual(sorted(byUs), sorted(laws.goingLives)))
    core.broken('one marker per going-live', `${JSON.stringify(byUs)} for ${JSON.stringify(laws.goingLives)}`);
  const external = markers.filter(({ kind }) => kind === 'external').length;
  if (external !== laws.adoptions.length)
    core.broken('one marker per adoption', `${external} for ${laws.adoptions.length}`);
}

/** Whatever was lost, repeated and raced for: what was written is one unbroken journal. */
function chained({ core, rows }: World): void {
  const journal = rows.lanes.query({
    filter: `PartitionKey eq '${lane}' and RowKey ge 'journal!' and RowKey lt 'journal"'`,
  });
  const row = rows.lanes.get(lane, 'lane');
  if (row === null || journal.length === 0) throw core.broken('the journal is one chain', 'there is none');
  const head = headIn(row);
  const fault = faultIn(journal.map(linkOf), { before: head, after: head });
  if (fault !== null) core.broken('the journal is one chain', `entry ${fault.seq}, ${fault.what}: ${fault.why}`);
}
