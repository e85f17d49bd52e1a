import { deadLetterStore } from '../../shared/adapters/tables/dead-letter-store.ts';
import { errorStore } from '../../shared/adapters/tables/error-store.ts';
import { laneStore } from '../../shared/adapters/tables/lane-store.ts';
import { markerStore } from '../../shared/adapters/tables/marker-store.ts';
import { noticeStore } from '../../shared/adapters/tables/notice-store.ts';
import type { Row } from '../../shared/adapters/tables/row.ts';
import type { Table } from '../../shared/adapters/tables/table.ts';
import type { Input } from '../../shared/lane/input.ts';
import { emptyLane } from '../../shared/lane/lane.ts';
import type { BuildId, DeploymentId, InputId, LaneId, Sha256 } from '../../shared/lane/words.ts';
import type { Decoded } from '../../shared/wire/decode.ts';
import { decodeErrorMessage } from '../../shared/wire/errors/warmswap.ts';
import { decodeOutgoingEvent, toCloudEvent } from '../../shared/wire/events.ts';
import { decodeInput, encodeInput } from '../../shared/wire/inputs.ts';
import { decodeOrder, encodeOrder } from '../../shared/wire/orders.ts';
import { decodeButtonValue, encodeButtonValue } from '../../shared/wire/slack/button-value.ts';
import { aBuild, aDelta, aGroup, aLetter, aMarker, aSeen, at, change } from '../contract/builders.ts';
import { MemoryRows, memoryTable } from '../ports/memory-table.ts';
import type { Message } from './history.ts';

/** One kind of stored thing that no life of a lane brings about by itself: how it is written and read. */
interface Kind {
  write(tables: Tables): Promise<void>;
  read(tables: Tables): Promise<unknown>;
  /** Compressed: the same content may have other bytes where the compressor is another. */
  isCompressed?: true;
}

interface Tables {
  one: Table;
  two: Table;
}

const lane = 'shop@production' as LaneId;
const errors = ({ one, two }: Tables) => errorStore({ deltas: one, groups: two }, () => at('10:05'));
const notice = { subject: 's', channel: 'C1', ts: '1.2', shown: 'h', threadShown: ['a', 'b'] };
const letter = aLetter('builds', 'l1', { replays: 2, replayedAt: at('11:00') });

export const kinds: Record<string, Kind> = {
  markers: {
    async write({ one }) {
      for (const [index, kind] of (
        ['deploy', 'rollback', 'external', 'config', 'flag', 'migration'] as const
      ).entries())
        await markerStore(one).put(aMarker(lane, `m${index}`, at(`10:0${index}`), { kind }));
    },
    read: ({ one }) => markerStore(one).list(lane, 10),
  },
  'error deltas': {
    write: (tables) => errors(tables).append([aDelta(lane), aDelta(lane, { batch: 'b2', version: null, count: 3 })]),
    read: async (tables) => [await errors(tables).deltas(lane, at('09:00')), await errors(tables).lanesWithDeltas()],
    isCompressed: true,
  },
  'error sums': {
    async write(tables) {
      await errors(tables).append([aDelta(lane), aDelta(lane, { batch: 'b2', count: 3 })]);
      await errors(tables).compact(lane, at('12:00'));
    },
    read: (tables) => errors(tables).sums(lane),
  },
  'error groups': {
    write: (tables) =>
      errors(tables).saveGroups(lane, [{ group: aGroup(lane, 'f1', { regressedIn: null, late: 2 }), etag: null }]),
    read: async (tables) => (await errors(tables).groups(lane)).map(({ group }) => group),
  },
  'dead letters': {
    write: ({ one }) => deadLetterStore(one).put(letter),
    read: async ({ one }) => [await deadLetterStore(one).get('builds', 'l1'), await deadLetterStore(one).list(null, 5)],
  },
  notices: {
    write: async ({ one }) => void (await noticeStore(one).save(lane, notice, null)),
    read: async ({ one }) => (await noticeStore(one).get(lane, 's'))?.notice,
  },
  'what was seen, and the index of lanes': {
    async write({ one }) {
      const store = laneStore(one);
      await store.save(await store.load(lane), change(emptyLane(lane), { seen: [aSeen(`${lane}~1`)] }));
    },
    read: async ({ one }) => [await laneStore(one).seen(lane, `${lane}~1` as InputId), await laneStore(one).known()],
  },
};

export function emptyTables(): { tables: Tables; dump(): Row[][]; fill(rows: Row[][]): void } {
  const all = [new MemoryRows('one'), new MemoryRows('two')] as const;
  return {
    tables: { one: memoryTable(all[0]), two: memoryTable(all[1]) },
    dump: () =>
      all.map((rows) =>
        rows
          .query({ filter: "PartitionKey ge ''" })
          .map(({ etag: _, ...row }) => ('writeId' in row ? { ...row, writeId: 'w' } : row)),
      ),
    fill: (dumped) => {
      for (const [index, rows] of dumped.entries())
        for (const row of rows) all[index]?.transact([{ write: 'put', row }]);
    },
  };
}

const deployment = '0mm7kwnbr-feacb771' as DeploymentId;
const build = 'b1' as BuildId;
const id = `${lane}~i1` as InputId;
const sha256 = 'a'.repeat(64) as Sha256;
const by = { name: 'Ada', slackId: 'U1' };
const command = (one: Extract<Input, { type: 'command' }>['command']): Input => ({
  id,
  lane,
  type: 'command',
  by,
  command: one,
});

const inputs: Input[] = [
  { id, lane, type: 'build-arrived', build: aBuild() },
  { id, lane, type: 'wake', step: 7 },
  { id, lane, type: 'package-copied', deployment, sha256, attempt: 1 },
  { id, lane, type: 'package-refused', deployment, because: 'its digest is another', attempt: 2 },
  { id, lane, type: 'site-changed', request: 'r1' },
  command({ type: 'approve', deployment, build }),
  command({ type: 'reject', deployment, build, reason: 'no' }),
  command({ type: 'roll-back', sawLive: build, reason: 'no' }),
  command({ type: 'end-watch', deployment, sawLive: build }),
  command({ type: 'hold', reason: 'a freeze' }),
  { ...command({ type: 'release' }), replyTo: 'https://slack.example/r' } as Input,
  command({ type: 'retry', deployment, sawLive: null }),
  command({ type: 'deploy', build, sawLive: build }),
];
const order = { lane, deployment, attempt: 1, url: 'https://ci.example/1.zip', sha256, size: 5 };
const event = {
  id: 'e1',
  type: 'io.warmswap.deployment.changed',
  subject: deployment,
  time: at('10:00'),
  data: { lane, n: 1, ok: true },
} as const;

/** One message of each form. */
export const messages = (): Message[] => [
  ...inputs.map((input) => ({ queue: 'lanes', body: encodeInput(input, 3) })),
  { queue: 'packages', body: encodeOrder(order, 2) },
  { queue: 'deployment-events', body: toCloudEvent(event) },
  { queue: 'slack', body: encodeButtonValue({ lane, deployment, build, shown: '3 errors' }) },
];

/** The body made anew of what was read from it; throws why it cannot be read. */
export function anew({ queue, body }: Message): unknown {
  switch (queue) {
    case 'lanes': {
      const { input, attempt } = read(decodeInput(body));
      return encodeInput(input, attempt);
    }
    case 'packages': {
      const { order, attempt } = read(decodeOrder(body));
      return encodeOrder(order, attempt);
    }
    case 'deployment-events':
      return toCloudEvent(read(decodeOutgoingEvent(body)));
    case 'error-reports':
      // Our own probe, in the form that anybody may send.
      for (const each of decodeErrorMessage(body)) read(each);
      return body;
    case 'slack':
      return encodeButtonValue(read(decodeButtonValue(String(body))));
    default:
      throw new Error(`nobody reads ${queue}`);
  }
}

function read<Value>(decoded: Decoded<Value>): Value {
  if (!decoded.ok) throw new Error(decoded.why);
  return decoded.value;
}

/** What is stored besides lanes, and each message, as a version makes them. */
export interface Forms {
  stored: { kind: string; rows: Row[][]; read: unknown }[];
  messages: Message[];
}

export async function formsNow(): Promise<Forms> {
  const stored: Forms['stored'] = [];
  for (const [kind, { write, read }] of Object.entries(kinds)) {
    const { tables, dump } = emptyTables();
    await write(tables);
    stored.push({ kind, rows: dump(), read: await read(tables) });
  }
  return { stored, messages: JSON.parse(JSON.stringify(messages())) as Message[] };
}
