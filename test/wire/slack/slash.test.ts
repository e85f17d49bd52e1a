import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LaneId } from '../../../shared/lane/words.ts';
import type { SlackTyped } from '../../../shared/wire/slack/asked.ts';
import { decodeSlash } from '../../../shared/wire/slack/slash.ts';

const lanes = [
  { id: 'storefront@production' as LaneId, channel: '#deployments' },
  { id: 'storefront@preview' as LaneId, channel: 'C0PREVIEW' },
  { id: 'desk@production' as LaneId, channel: null },
];
const RESPOND = 'https://hooks.slack.com/commands/T0SHOP/1/abc';

const form = (text: string, more: Record<string, string> = {}): Uint8Array =>
  Buffer.from(
    new URLSearchParams({
      token: 'xyz',
      team_id: 'T0SHOP',
      team_domain: 'shop',
      channel_id: 'C0DEPLOY',
      channel_name: 'deployments',
      user_id: 'U0ADA',
      user_name: 'ada',
      command: '/warmswap',
      text,
      api_app_id: 'A0WARMSWAP',
      is_enterprise_install: 'false',
      response_url: RESPOND,
      trigger_id: '1.2.abc',
      ...more,
    }).toString(),
  );

function typed(text: string, more: Record<string, string> = {}): SlackTyped {
  const read = decodeSlash(form(text, more), { lanes, apiUrl: undefined });
  if (!read.ok) throw new Error(read.why);
  return read.value.asked;
}

const about = { by: { name: 'ada', slackId: 'U0ADA' }, replyTo: RESPOND, key: '1.2.abc' };
const wish = (lane: string, kind: string, words = '') => ({
  kind: 'needs-lane-state',
  lane,
  wish: kind,
  words,
  ...about,
});
const command = (lane: string, of: object) => ({ kind: 'command', lane, command: of, ...about });
const question = (kind: string, ...of: string[]) => ({ kind: 'question', question: kind, lanes: of });

describe('/warmswap', () => {
  test.each<[string, object]>([
    ['approve', wish('storefront@production', 'approve')],
    ['approve desk', wish('desk@production', 'approve')],
    ['approve desk 1.2.0', wish('desk@production', 'approve', '1.2.0')],
    ['  APPROVE   storefront@preview  ', wish('storefront@preview', 'approve')],
    ['reject Storefront@Preview it is   too slow', wish('storefront@preview', 'reject', 'it is too slow')],
    ['rollback desk errors &amp; &lt;more&gt;', wish('desk@production', 'roll-back', 'errors & <more>')],
    ['roll-back desk', wish('desk@production', 'roll-back')],
    ['hold desk stock-taking', command('desk@production', { type: 'hold', reason: 'stock-taking' })],
    ['hold', command('storefront@production', { type: 'hold', reason: 'in Slack' })],
    ['release desk', command('desk@production', { type: 'release' })],
    ['status', question('status', 'storefront@production')],
    ['status storefront', question('status', 'storefront@production', 'storefront@preview')],
    ['history desk', question('history', 'desk@production')],
    ['who-is-live desk@production', question('who-is-live', 'desk@production')],
  ])('%s', (text, asked) => expect(typed(text)).toEqual(asked));

  test('means the lane that reports to the channel, by its id as well; in any other, every one or none', () => {
    expect(typed('release', { channel_id: 'C0PREVIEW', channel_name: 'directmessage' })).toMatchObject({
      lane: 'storefront@preview',
    });
    const elsewhere = { channel_id: 'C0ELSE', channel_name: 'else' };
    expect(typed('status', elsewhere)).toEqual(question('status', ...lanes.map(({ id }) => id)));
    expect(typed('hold', elsewhere)).toMatchObject({ kind: 'refusal', text: expect.stringContaining('name the app') });
  });

  test.each([
    ['', '/warmswap status'],
    ['help', '/warmswap who-is-live'],
    ['dance storefront', 'there is no /warmswap dance'],
    ['__proto__', 'there is no /warmswap __proto__'],
    ['hold storefornt', 'no app is called storefornt'],
    ['hold storefront@prod', 'no app is called storefront@prod'],
    ['rollback storefront', 'which one? storefront@production, storefront@preview'],
    ['status nobody', 'no app is called nobody'],
  ])('%j is answered in words, and nothing is asked of a lane', (text, why) => {
    expect(typed(text)).toEqual({ kind: 'refusal', replyTo: RESPOND, text: expect.stringContaining(why) });
  });

  test.each<[string, Record<string, string>]>([
    ['response_url', { response_url: 'https://example.com/x' }],
    ['trigger_id', { trigger_id: '' }],
    ['user_id', { user_id: '' }],
    ['team_id', { team_id: '' }],
  ])('without a usable %s is refused with the path', (field, more) => {
    const read = decodeSlash(form('status', more), { lanes, apiUrl: undefined });
    expect(read).toEqual({ ok: false, why: expect.stringContaining(`${field}: `) });
  });

  test('whatever is typed, it is read, and only a lane that was named or is this channel’s is moved', () => {
    const verb = fc.constantFrom('approve', 'reject', 'rollback', 'hold', 'release', 'status', '');
    const name = fc.constantFrom('storefront@production', 'desk', 'storefront', 'x', '');
    fc.assert(
      fc.property(verb, name, fc.string({ unit: 'binary', maxLength: 200 }), (first, second, rest) => {
        const asked = typed(`${first} ${second} ${rest}`);
        if (asked.kind !== 'command' && asked.kind !== 'needs-lane-state') return;
        const [, named = ''] = `${first} ${second} ${rest}`.trim().split(/\s+/);
        if (named === '') expect(asked.lane).toBe('storefront@production');
        else expect([asked.lane, asked.lane.split('@')[0]]).toContain(named.toLowerCase());
      }),
      { numRuns: 300 },
    );
  });
});
