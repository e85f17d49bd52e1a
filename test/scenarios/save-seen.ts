import type { IncomingMessage } from 'node:http';

/** One save of a lane, as it passes on its way to the tables. */
export interface Save {
  /** What the lane does after this save, and which effects it settles: the boundary a crash here falls on. */
  boundary: string;
  stage: string;
}

interface Operation {
  method: string;
  rowKey: string;
  row: Record<string, unknown>;
}

/**
 * The save of a lane a request to the tables is; null for any other. `effects` remembers of which type each pending effect is:
 * the request that settles one names its row alone.
 */
export function saveIn({ method, url }: IncomingMessage, body: Buffer, effects: Map<string, string>): Save | null {
  if (method !== 'POST' || !/\/\$batch(\?|$)/.test(url ?? '')) return null;
  const operations = operationsOf(body.toString('utf8'));
  const lane = operations.find(({ rowKey }) => rowKey === 'lane');
  if (lane === undefined) return null;
  const settled: string[] = [];
  for (const { method: how, rowKey, row } of operations) {
    if (!rowKey.startsWith('effect!')) continue;
    if (how === 'DELETE') settled.push(effects.get(rowKey) ?? '?');
    else effects.set(rowKey, stateOf<{ effect: { type: string } }>(row).effect.type);
  }
  const state = stateOf<LaneState>(lane.row);
  const here = whereIs(state);
  const [first] = settled.sort();
  const by = first === undefined ? (here.endsWith(' sending') ? 'its claim' : 'an input') : settled.join(', ');
  return { boundary: `${here}, by ${by}`, stage: state.active?.stage ?? 'idle' };
}

/** A batch is multipart text: each part holds one request with its body. */
function operationsOf(text: string): Operation[] {
  return text.split(/^--changeset_/m).flatMap((part) => {
    const asked = /^(PUT|POST|PATCH|MERGE|DELETE) (\S+) HTTP/m.exec(part);
    if (asked === null) return [];
    const json = /\{.*\}/s.exec(part)?.[0];
    const row = json === undefined ? {} : (JSON.parse(json) as Record<string, unknown>);
    const named = /RowKey='([^']*)'/.exec(decodeURIComponent(asked[2] ?? ''))?.[1];
    return [{ method: asked[1] ?? '', rowKey: named ?? String(row.RowKey ?? ''), row }];
  });
}

interface Step {
  step: string;
  goal?: { kind: string };
}

interface LaneState {
  active: { stage: string; swap?: Step; at?: Step & { act?: Step; swap?: Step } } | null;
}

const stateOf = <State>(row: Record<string, unknown>): State =>
  JSON.parse(
    Object.entries(row)
      .filter(([name]) => /^state\d*$/.test(name))
      .map(([, text]) => String(text))
      .join(''),
  ) as State;

function whereIs({ active }: LaneState): string {
  if (active === null) return 'idle';
  const { stage, at, swap } = active;
  const act = swap ?? at?.act ?? at?.swap;
  if (act !== undefined) return `${stage}: ${act.goal?.kind} ${act.step}`;
  return at === undefined ? stage : `${stage}: ${at.step}`;
}
