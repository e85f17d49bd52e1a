import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Stack, startStack } from '../../../infra/local/stack.ts';
import { laneOf } from '../apps-file.ts';
import { median, quantile } from '../quantile.ts';

/** Milliseconds, all from the press of a button in Slack. */
export interface Clicks {
  clicks: number;
  /** Until the app has answered Slack, which wants it within 3 s. */
  answeredMs: number;
  answeredP99Ms: number;
  /** Until the lane has done it. */
  effectMs: number;
  effectP99Ms: number;
  /** Until the person who pressed can read in Slack what became of it. */
  shownMs: number;
  shownP99Ms: number;
}

const CLICKS = 30;
const CHANNEL = '#bench';
const EVERY_MS = 10;
const WITHIN_MS = 20_000;
const lane = laneOf(0);

/** Ada holds and releases a lane, in turn, by the button of the newest message. */
export async function measureClicks(dir: string): Promise<Clicks> {
  const stack = await startStack({
    portBase: 0,
    dataDir: mkdtempSync(join(dir, 'clicks-')),
    appsFile: appsFile(dir),
    timing: { patrolMs: 600_000 },
    inMemory: true,
  });
  try {
    await until('the site was not adopted', async () => (await laneShown(stack)).live !== null);
    await holdByHand(stack);
    // The first loads what Slack's words need.
    await click(stack);
    const all: Awaited<ReturnType<typeof click>>[] = [];
    while (all.length < CLICKS) all.push(await click(stack));
    const answered = all.map((one) => one.answered);
    const effect = all.map((one) => one.effect);
    const shown = all.map((one) => one.shown);
    return {
      clicks: all.length,
      answeredMs: median(answered),
      answeredP99Ms: quantile(answered, 0.99),
      effectMs: median(effect),
      effectP99Ms: quantile(effect, 0.99),
      shownMs: median(shown),
      shownP99Ms: quantile(shown, 0.99),
    };
  } finally {
    await stack.close();
  }
}

async function click(stack: Stack): Promise<{ answered: number; effect: number; shown: number }> {
  const isHeld = (await laneShown(stack)).hold !== null;
  const action = isHeld ? 'release' : 'hold';
  const ts = await until(`no message offers ${action}`, () => offering(stack, action));
  const before = await toldAda(stack);
  const pressed = performance.now();
  const since = (): number => performance.now() - pressed;
  const answer = await control(stack, 'press', { user: 'ada', channel: CHANNEL, ts, action_id: action });
  if (answer.status !== 200) throw new Error(`the press was answered ${JSON.stringify(answer)}`);
  const answered = since();
  const [effect, shown] = await Promise.all([
    until(`the lane did not ${action}`, async () => ((await laneShown(stack)).hold !== null) !== isHeld).then(since),
    until('nobody was told', async () => (await toldAda(stack)) > before).then(since),
  ]);
  return { answered, effect, shown };
}

/** The newest message, if it is one that offers the action; each change of a lane is told anew. */
async function offering(stack: Stack, action: string): Promise<string | null> {
  const { messages } = (await control(stack, `messages?channel=${encodeURIComponent(CHANNEL)}`)) as {
    messages?: { ts: string; blocks: { elements?: { action_id?: string }[] }[] }[];
  };
  const newest = messages?.at(-1);
  const offers = newest?.blocks.some(({ elements }) => elements?.some(({ action_id }) => action_id === action));
  return offers ? (newest?.ts ?? null) : null;
}

async function toldAda(stack: Stack): Promise<number> {
  return ((await control(stack, 'ephemeral?user=ada')) as { messages: unknown[] }).messages.length;
}

async function control({ addresses }: Stack, path: string, body?: object): Promise<Record<string, unknown>> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(new URL(`/_control/${path}`, addresses.slack), init);
  return (await answer.json()) as Record<string, unknown>;
}

interface LaneShown {
  live: object | null;
  hold: object | null;
}

async function laneShown({ addresses }: Stack): Promise<LaneShown> {
  const headers = { authorization: `Bearer ${addresses.token}` };
  const answer = await fetch(`${addresses.service}/api/v1/lanes/${encodeURIComponent(lane)}`, { headers });
  if (answer.status === 404) return { live: null, hold: null };
  return (await answer.json()) as LaneShown;
}

async function holdByHand(stack: Stack): Promise<void> {
  const { addresses } = stack;
  const answer = await fetch(`${addresses.service}/api/v1/commands`, {
    method: 'POST',
    headers: { authorization: `Bearer ${addresses.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ lane, type: 'hold', reason: 'to be measured' }),
  });
  if (answer.status !== 202) throw new Error(`the hold was answered ${answer.status}: ${await answer.text()}`);
  await until('the lane was not held', async () => (await laneShown(stack)).hold !== null);
}

async function until<Found>(what: string, find: () => Promise<Found>): Promise<NonNullable<Found>> {
  const end = Date.now() + WITHIN_MS;
  for (;;) {
    const found = await find();
    if (found !== null && found !== undefined && found !== false) return found as NonNullable<Found>;
    if (Date.now() > end) throw new Error(what);
    await sleep(EVERY_MS);
  }
}

function appsFile(dir: string): string {
  const file = join(dir, 'apps-clicks.yaml');
  const text = `apps:
  bench0:
    operators: [ada@example.com]
    slack: { channel: "${CHANNEL}" }
    environments:
      production:
        mode: swap
        site: { subscription: 00000000-0000-0000-0000-0000000000aa, resourceGroup: bench, name: bench0, slot: staging }
        versionFrom: { path: /version.json, pointer: /version }
        warmUp: { path: /health, statuses: [200], timesInARow: 1, every: 300ms, deadline: 20s }
`;
  writeFileSync(file, text);
  return file;
}
