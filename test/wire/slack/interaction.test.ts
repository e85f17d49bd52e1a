import { describe, expect, test } from 'vitest';
import type { LaneId } from '../../../shared/lane/words.ts';
import type { SlackClick } from '../../../shared/wire/slack/asked.ts';
import { isOurs } from '../../../shared/wire/slack/asked.ts';
import { encodeButtonValue } from '../../../shared/wire/slack/button-value.ts';
import { decodeInteraction } from '../../../shared/wire/slack/interaction.ts';
import { LANE, record, ref } from '../facts.ts';

const house = { lanes: [LANE], apiUrl: undefined, appId: 'A0WARMSWAP' };
const RESPOND = 'https://hooks.slack.com/actions/T0SHOP/1/abc';

/** As Slack documents `block_actions`, with what is of no interest here left in. */
const clicked = (action: object, more: object = {}) => ({
  type: 'block_actions',
  user: { id: 'U0ADA', username: 'ada', name: 'ada', team_id: 'T0SHOP' },
  api_app_id: 'A0WARMSWAP',
  token: 'xyz',
  container: { type: 'message', message_ts: '1772442873.000100', channel_id: 'C0DEPLOY', is_ephemeral: false },
  trigger_id: '1.2.abc',
  team: { id: 'T0SHOP', domain: 'shop' },
  enterprise: null,
  is_enterprise_install: false,
  channel: { id: 'C0DEPLOY', name: 'deployments' },
  state: { values: {} },
  message: { type: 'message', ts: '1772442873.000100', blocks: [{ type: 'section', block_id: 'x' }] },
  response_url: RESPOND,
  actions: [
    {
      action_id: 'approve',
      block_id: 'b',
      text: { type: 'plain_text', text: 'Approve', emoji: false },
      type: 'button',
      style: 'primary',
      action_ts: '1772442900.123456',
      value: encodeButtonValue({ lane: LANE, deployment: record.id, build: ref.id, shown: '3 of 3 checks passed' }),
      ...action,
    },
  ],
  ...more,
});

const used = (more: object = {}, message: object = {}) => ({
  type: 'message_action',
  token: 'xyz',
  action_ts: '1772442900.123456',
  team: { id: 'T0SHOP', domain: 'shop' },
  user: { id: 'U0ADA', name: 'ada' },
  channel: { id: 'C0DEPLOY', name: 'deployments' },
  is_enterprise_install: false,
  callback_id: 'roll-back',
  trigger_id: '1.2.abc',
  response_url: RESPOND,
  message_ts: '1772442873.000100',
  message: {
    type: 'message',
    ts: '1772442873.000100',
    app_id: 'A0WARMSWAP',
    blocks: [{ type: 'section', block_id: `deployment|${LANE}|${record.id}|${ref.id}` }, { type: 'context' }],
    ...message,
  },
  ...more,
});

const bytes = (payload: object): Uint8Array =>
  Buffer.from(new URLSearchParams({ payload: JSON.stringify(payload) }).toString());
function askedBy(payload: object, of = house): SlackClick {
  const read = decodeInteraction(bytes(payload), of);
  if (!read.ok) throw new Error(read.why);
  return read.value.asked;
}

const seen = { deployment: record.id, build: ref.id };
const reason = 'in Slack, shown: 3 of 3 checks passed';

describe('a click', () => {
  test.each([
    ['approve', { type: 'approve', ...seen }],
    ['reject', { type: 'reject', ...seen, reason }],
    ['roll-back', { type: 'roll-back', sawLive: ref.id, reason }],
    ['keep', { type: 'end-watch', deployment: record.id, sawLive: ref.id }],
    ['hold', { type: 'hold', reason }],
    ['release', { type: 'release' }],
  ])('%s names what its message showed', (action, command) => {
    expect(askedBy(clicked({ action_id: action }))).toEqual({
      kind: 'command',
      lane: LANE,
      command,
      by: { name: 'ada', slackId: 'U0ADA' },
      replyTo: RESPOND,
      key: `1772442873.000100 1772442900.123456 U0ADA ${action}`,
    });
  });

  test('on a lane names no deployment, and can only hold and release', () => {
    const value = encodeButtonValue({ lane: LANE, deployment: null, build: null, shown: '' });
    expect(askedBy(clicked({ action_id: 'hold', value }))).toMatchObject({
      command: { type: 'hold', reason: 'in Slack' },
    });
    for (const action of ['approve', 'reject', 'roll-back', 'keep'])
      expect(askedBy(clicked({ action_id: action, value }))).toMatchObject({ kind: 'refusal' });
  });

  test('of another moment, person or message has another key; a repeated request has the same', () => {
    const keyOf = (payload: object): unknown => (askedBy(payload) as { key?: string }).key;
    const keys = [
      clicked({}),
      clicked({ action_ts: '1772442901.0' }),
      clicked({ action_id: 'reject' }),
      clicked({}, { user: { id: 'U0GRACE', username: 'grace' } }),
      clicked({}, { container: { message_ts: '1772442999.000100' } }),
    ].map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keyOf(clicked({}))).toBe(keys[0]);
  });

  test('says where it comes from', () => {
    const read = decodeInteraction(bytes(clicked({})), house);
    expect(read).toMatchObject({ value: { from: { team: 'T0SHOP', userTeam: 'T0SHOP', app: 'A0WARMSWAP' } } });
  });

  test('is answered at the origin of the Web API where that is another than Slack’s', () => {
    const local = { ...house, apiUrl: 'http://127.0.0.1:4000/api' };
    const at = (response_url: string) => decodeInteraction(bytes(clicked({}, { response_url })), local).ok;
    expect(at('http://127.0.0.1:4000/hooks/1')).toBe(true);
    expect(at('http://127.0.0.1:4001/hooks/1')).toBe(false);
    expect(at(RESPOND)).toBe(true);
  });

  test('that a schema refuses says the path and never the value', () => {
    const read = decodeInteraction(bytes(clicked({ action_ts: 'hunter2' })), house);
    expect(read).toEqual({ ok: false, why: 'payload: actions[0].action_ts: must be a time stamp of Slack' });
  });
});

describe('a shortcut', () => {
  test.each([
    ['roll-back', { type: 'roll-back', sawLive: ref.id, reason: 'in Slack' }],
    ['hold', { type: 'hold', reason: 'in Slack' }],
  ])('%s finds deployment and build in its message', (callback_id, command) => {
    expect(askedBy(used({ callback_id }))).toEqual({
      kind: 'command',
      lane: LANE,
      command,
      by: { name: 'ada', slackId: 'U0ADA' },
      replyTo: RESPOND,
      key: `1772442873.000100 1772442900.123456 U0ADA shortcut ${callback_id}`,
    });
  });

  test.each([
    ['approves nothing', used({ callback_id: 'approve' }), 'not known'],
    ['on another app’s message', used({}, { app_id: 'A0OTHER' }), 'not about a deployment'],
    ['on a message without blocks', used({}, { blocks: undefined }), 'not about a deployment'],
    ['on a block of five parts', used({}, { blocks: [{ block_id: `deployment|${LANE}|a|b|c` }] }), 'not about'],
    ['on a block of odd names', used({}, { blocks: [{ block_id: 'deployment|x|a b|c' }] }), 'not about'],
    [
      'on a lane that is gone',
      used({}, { blocks: [{ block_id: 'deployment|gone@production|a|b' }] }),
      'gone@production',
    ],
  ])('%s is refused in words', (_, payload, why) => {
    expect(askedBy(payload)).toEqual({ kind: 'refusal', replyTo: RESPOND, text: expect.stringContaining(why) });
  });
});

test.each([
  [{ team: 'T1', userTeam: null, app: null }, true],
  [{ team: 'T1', userTeam: 'T1', app: 'A1' }, true],
  [{ team: 'T2', userTeam: 'T1', app: 'A1' }, false],
  [{ team: 'T1', userTeam: 'T2', app: 'A1' }, false],
  [{ team: 'T1', userTeam: 'T1', app: 'A2' }, false],
])('%j is ours: %s', (from, ours) => expect(isOurs(from, { teamId: 'T1', appId: 'A1' })).toBe(ours));

test('a button’s value fits, whatever was shown', () => {
  const long = `${'x'.repeat(60)}@${'y'.repeat(60)}` as LaneId;
  for (const shown of ['"\\'.repeat(2_000), '😀'.repeat(2_000), '\u0000\n'.repeat(500), '<&>'.repeat(500)]) {
    const value = encodeButtonValue({ lane: long, deployment: record.id, build: ref.id, shown });
    expect(value.length).toBeLessThanOrEqual(2_000);
    const read = askedBy(clicked({ action_id: 'hold', value }), { ...house, lanes: [long] });
    expect(read).toMatchObject({ kind: 'command', lane: long, command: { type: 'hold' } });
  }
});
