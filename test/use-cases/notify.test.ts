import { beforeEach, describe, expect, test } from 'vitest';
import { noticeStore } from '../../shared/adapters/tables/notice-store.ts';
import type { Seen } from '../../shared/lane/effect.ts';
import type { OutgoingEvent } from '../../shared/lane/outgoing.ts';
import type { InputId } from '../../shared/lane/words.ts';
import { type Message, type Ports, Unavailable } from '../../shared/ports.ts';
import { notify } from '../../shared/use-cases/notify.ts';
import { slackRenderer } from '../../shared/wire/slack/renderer.ts';
import { MemoryRows, memoryTable } from '../ports/memory-table.ts';
import { policyBy } from '../simulation/clicks-scenario.ts';
import { ClicksWorld, lane } from '../simulation/clicks-world.ts';

const renderer = slackRenderer('https://warmswap.example', true);
const replyTo = 'https://hooks.slack.example/actions/1';
const input = `${lane}~click` as InputId;

let world: ClicksWorld;
let ports: Ports;
let told: { to: string; message: Message }[];
let posts: number;
/** What Slack does with the next answer. */
let slack: 'takes it' | 'is down' | 'asks for patience' | 'does not know the address';
const patience = new Date('2026-03-02T10:00:42Z');

beforeEach(() => {
  told = [];
  posts = 0;
  slack = 'takes it';
  world = new ClicksWorld({ ...policyBy(4), slack: { channel: '#shop' } }, (plain) => {
    ports = {
      ...plain,
      notices: noticeStore(memoryTable(new MemoryRows('Lanes'))),
      messenger: {
        post: async (channel) => {
          posts += 1;
          return { posted: true, channel, ts: String(posts) };
        },
        update: async (channel, ts) => ({ posted: true, channel, ts }),
      },
      responder: {
        respond: async (to, message) => {
          if (slack === 'is down') throw new Unavailable('Slack is down');
          if (slack === 'asks for patience') throw new Unavailable('Slack answers 429', { retryAt: patience });
          if (slack === 'does not know the address') return { posted: false, because: 'Slack answers 404' };
          told.push({ to, message });
          return { posted: true };
        },
      },
    };
    return ports;
  });
});

const saw = (more: Partial<Seen> = {}): void => {
  const seen: Seen = { input, at: new Date(world.now), outcome: 'applied', told: 'Ada approved it', deployment: null };
  world.lanes.seen.set(input, { ...seen, ...more });
};
const answered = (): OutgoingEvent => ({
  id: `${lane}~7~0`,
  type: 'io.warmswap.input.answered',
  subject: input,
  time: new Date(world.now),
  data: { lane, input, to: replyTo },
});

describe('what became of a word', () => {
  test('is told the asker alone, at the address that came with it; the channel hears nothing', async () => {
    saw();
    expect(await notify(ports, answered(), renderer)).toEqual({ subject: input, lane, outcome: 'posted', because: '' });
    expect(told).toMatchObject([{ to: replyTo, message: { text: `👍 Done in ${lane}: Ada approved it` } }]);
    expect(posts).toBe(0);
  });

  test('a refusal is told with its reason, and mentions nobody by it', async () => {
    saw({ outcome: 'ignored', told: '<!channel> is not among the approvers' });
    await notify(ports, answered(), renderer);
    expect(told[0]?.message.text).toContain('🚫 Nothing was done');
    expect(JSON.stringify(told[0]?.message)).not.toContain('<!channel>');
  });

  test('is told later while Slack is down, under another message id, and then once', async () => {
    saw();
    slack = 'is down';
    expect(await notify(ports, answered(), renderer)).toMatchObject({ outcome: 'later' });
    const [again] = world.published;
    expect(again).toMatchObject({
      type: 'io.warmswap.input.answered',
      subject: input,
      data: { to: replyTo, tries: 1 },
    });
    slack = 'takes it';
    if (again === undefined) throw new Error('it was not sent again');
    expect(await notify(ports, again, renderer)).toMatchObject({ outcome: 'posted' });
    expect(told).toHaveLength(1);
  });

  test('waits for as long as Slack asks', async () => {
    saw();
    slack = 'asks for patience';
    const sent: (Date | undefined)[] = [];
    const listening: Ports = { ...ports, events: { publish: async (_event, sending) => void sent.push(sending?.at) } };
    await notify(listening, answered(), renderer);
    expect(sent).toEqual([patience]);
  });

  test('an address that has gone stale ends it: the message in the channel says it as well', async () => {
    saw();
    slack = 'does not know the address';
    expect(await notify(ports, answered(), renderer)).toEqual({
      subject: input,
      lane,
      outcome: 'refused',
      because: 'Slack answers 404',
    });
    expect(world.published).toEqual([]);
  });

  test('of a word that was forgotten nothing is told', async () => {
    expect(await notify(ports, answered(), renderer)).toMatchObject({ outcome: 'nobody-to-tell' });
    expect(told).toEqual([]);
  });

  test('without Slack nobody is told, and nothing fails', async () => {
    saw();
    expect(await notify({ ...ports, messenger: null }, answered(), renderer)).toMatchObject({
      outcome: 'nobody-to-tell',
    });
  });
});
