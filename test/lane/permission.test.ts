import { expect, test } from 'vitest';
import { decide } from '../../shared/lane/decide.ts';
import type { Asker } from '../../shared/lane/decision.ts';
import { mayApprove, mayOperate, type Permission } from '../../shared/lane/permission.ts';
import type { Policy } from '../../shared/lane/policy.ts';
import type { Actor } from '../../shared/lane/words.ts';
import { someFacts, told } from '../builders/decide.ts';
import { approve, holdLane, reject } from '../builders/input.ts';
import { awaitingApproval, idleLane } from '../builders/lane.ts';
import { aPolicy } from '../builders/policy.ts';
import { at } from '../builders/time.ts';

type Approval = Extract<Policy['approval'], { required: true }>;

const approval = (more: Partial<Approval> = {}): Approval => ({
  required: true,
  approvers: ['Ada@shop.example', '@release', 'release-bot'],
  mayApproveOwn: false,
  breakGlass: ['root@shop.example', '@oncall', 'panic-bot'],
  expiresAfterMs: 600_000,
  remindBeforeMs: null,
  ...more,
});
/** What Slack tells of somebody; unless said otherwise they are nobody in particular, and the change is not theirs. */
const asker = (more: Partial<Asker> = {}): Asker => ({
  email: 'mallory@shop.example',
  groups: [],
  isAuthor: false,
  ...more,
});
const person: Actor = { name: 'Mallory', slackId: 'U1' };
const token = (name: string): Actor => ({ name });

const said = (permission: Permission): string =>
  permission.may ? (permission.loud ? 'loudly' : 'yes') : `no: ${permission.because}`;

test.each<{
  who: string;
  asker: Asker | null;
  by?: Actor;
  requestedBy?: string | null;
  of?: Partial<Approval>;
  is: string;
}>([
  { who: 'an address that is listed', asker: asker({ email: 'ada@shop.example' }), is: 'yes' },
  { who: 'an address in other letters', asker: asker({ email: 'ADA@Shop.Example' }), is: 'yes' },
  { who: 'a member of a listed group', asker: asker({ groups: ['@release'] }), is: 'yes' },
  { who: 'a member of a group in other letters', asker: asker({ groups: ['@Release'] }), is: 'yes' },
  { who: 'a member of a group without address', asker: asker({ email: null, groups: ['@release'] }), is: 'yes' },
  {
    who: 'a member of another group',
    asker: asker({ groups: ['@sales'] }),
    is: 'no: Mallory is not among the approvers',
  },
  { who: 'somebody unknown', asker: asker({ email: null }), is: 'no: Mallory is not among the approvers' },
  {
    who: 'a person who calls themselves a listed token',
    asker: asker(),
    by: { name: 'release-bot', slackId: 'U1' },
    is: 'no: release-bot is not among the approvers',
  },
  {
    who: 'a person who calls themselves a listed address, where nobody can be looked up',
    asker: null,
    by: { name: 'Ada@shop.example', slackId: 'U1' },
    is: 'no: Ada@shop.example is not among the approvers',
  },
  {
    who: 'an approver of their own change',
    asker: asker({ email: 'ada@shop.example', isAuthor: true }),
    is: 'no: Mallory may not approve their own change',
  },
  {
    who: 'an approver of their own change, where that is allowed',
    asker: asker({ email: 'ada@shop.example', isAuthor: true }),
    of: { mayApproveOwn: true },
    is: 'yes',
  },
  {
    who: 'an approver, when whose change it is cannot be told',
    asker: asker({ email: 'ada@shop.example', isAuthor: null }),
    is: 'no: whose change this is cannot be told, and nobody may approve their own',
  },
  {
    who: 'an approver, when that does not matter',
    asker: asker({ email: 'ada@shop.example', isAuthor: null }),
    of: { mayApproveOwn: true },
    is: 'yes',
  },
  {
    who: 'an author, where authors press the button',
    asker: asker({ isAuthor: true }),
    of: { approvers: ['authors'], mayApproveOwn: true },
    is: 'yes',
  },
  {
    who: 'an author, where authors are listed and four eyes are asked for',
    asker: asker({ isAuthor: true }),
    of: { approvers: ['authors'] },
    is: 'no: Mallory may not approve their own change',
  },
  {
    who: 'somebody else, where authors press the button',
    asker: asker({ isAuthor: false }),
    of: { approvers: ['authors'], mayApproveOwn: true },
    is: 'no: Mallory is not among the approvers',
  },
  {
    who: 'somebody of whom it cannot be told, where authors press the button',
    asker: asker({ isAuthor: null }),
    of: { approvers: ['authors'], mayApproveOwn: true },
    is: 'no: Mallory is not among the approvers',
  },
  { who: 'somebody who may break the glass', asker: asker({ email: 'root@shop.example' }), is: 'loudly' },
  {
    who: 'somebody who may break the glass, for their own change',
    asker: asker({ email: 'root@shop.example', isAuthor: true }),
    is: 'loudly',
  },
  { who: 'a group that may break the glass', asker: asker({ groups: ['@oncall'], isAuthor: null }), is: 'loudly' },
  {
    who: 'an approver who could also break the glass',
    asker: asker({ email: 'ada@shop.example', groups: ['@oncall'] }),
    is: 'yes',
  },
  {
    who: 'an approver who could also break the glass, for their own change',
    asker: asker({ email: 'ada@shop.example', groups: ['@oncall'], isAuthor: true }),
    is: 'loudly',
  },
  { who: 'a listed token', asker: null, by: token('release-bot'), requestedBy: 'Grace', is: 'yes' },
  {
    who: 'a token that is not listed',
    asker: null,
    by: token('cron'),
    requestedBy: 'Grace',
    is: 'no: cron is not among the approvers',
  },
  {
    who: 'a listed token that asked for the deployment itself',
    asker: null,
    by: token('release-bot'),
    requestedBy: 'release-bot',
    is: 'no: release-bot may not approve their own change',
  },
  {
    who: 'a listed token, when nobody asked for the deployment',
    asker: null,
    by: token('release-bot'),
    requestedBy: null,
    is: 'no: whose change this is cannot be told, and nobody may approve their own',
  },
  { who: 'a token that may break the glass', asker: null, by: token('panic-bot'), requestedBy: null, is: 'loudly' },
  {
    who: 'anybody, where nobody is listed',
    asker: asker(),
    of: { approvers: [], breakGlass: [] },
    is: 'no: Mallory is not among the approvers',
  },
])('may approve: $who → $is', ({ asker, by = person, requestedBy = 'Grace', of = {}, is }) => {
  expect(said(mayApprove(approval(of), someFacts({ asker }), by, requestedBy))).toBe(is);
});

test('nobody may approve what asks for no approval', () => {
  expect(said(mayApprove({ required: false }, someFacts(), token('release-bot'), null))).toBe(
    'no: no approval is asked for',
  );
});

test.each<{ who: string; asker: Asker | null; by?: Actor; of?: Partial<Policy>; is: string }>([
  { who: 'an operator by address', asker: asker({ email: 'Olga@shop.example' }), is: 'yes' },
  { who: 'an operator by group', asker: asker({ groups: ['@ops'] }), is: 'yes' },
  { who: 'an approver', asker: asker({ email: 'ada@shop.example' }), is: 'yes' },
  { who: 'an approver of their own change', asker: asker({ email: 'ada@shop.example', isAuthor: true }), is: 'yes' },
  { who: 'somebody who may break the glass', asker: asker({ groups: ['@oncall'] }), is: 'yes' },
  {
    who: 'an approver, where no approval is asked for',
    asker: asker({ email: 'ada@shop.example' }),
    of: { approval: { required: false } },
    is: 'no: Mallory is not among the operators of this app',
  },
  { who: 'an author', asker: asker({ isAuthor: true }), is: 'no: Mallory is not among the operators of this app' },
  {
    who: 'an author, where authors operate',
    asker: asker({ isAuthor: true }),
    of: { operators: ['authors'] },
    is: 'yes',
  },
  {
    who: 'one of whom that cannot be told',
    asker: asker({ isAuthor: null }),
    of: { operators: ['authors'] },
    is: 'no: Mallory is not among the operators of this app',
  },
  { who: 'somebody unknown', asker: asker({ email: null }), is: 'no: Mallory is not among the operators of this app' },
  { who: 'a person where nobody can be looked up', asker: null, is: 'no: what you may do could not be looked up' },
  { who: 'a token: its right was checked at the door', asker: null, by: token('cron'), is: 'yes' },
])('may operate: $who → $is', ({ asker, by = person, of = {}, is }) => {
  const policy = aPolicy({ operators: ['olga@shop.example', '@ops'], approval: approval(), ...of });
  expect(said(mayOperate(policy, someFacts({ asker }), by))).toBe(is);
});

const click = (event: ReturnType<typeof approve>) => (event.type === 'command' ? { ...event, by: person } : event);

test('an approval by somebody who may only in an emergency is marked in the deployment', () => {
  const facts = someFacts({ asker: asker({ email: 'root@shop.example' }), now: at('10:04') });
  const decision = decide(facts, awaitingApproval({ approval: approval() }), click(approve()));
  expect(decision).toMatchObject({ records: [{ approvedBy: 'Mallory', brokeGlass: true }] });
});

test.each<{ when: string; asker: Asker; becomes: string }>([
  { when: 'an author rejects their own', asker: asker({ isAuthor: true }), becomes: 'nothing moves; 1.1.0 rejected' },
  {
    when: 'an approver rejects',
    asker: asker({ email: 'ada@shop.example' }),
    becomes: 'nothing moves; 1.1.0 rejected',
  },
  { when: 'somebody else rejects', asker: asker(), becomes: 'ignored: Mallory is not among the operators of this app' },
  {
    when: 'one of whom nothing can be told rejects',
    asker: asker({ email: null, isAuthor: null }),
    becomes: 'ignored: Mallory is not among the operators of this app',
  },
])('$when → $becomes', ({ asker, becomes }) => {
  const facts = someFacts({ asker, now: at('10:04') });
  expect(told(decide(facts, awaitingApproval({ approval: approval() }), click(reject())))).toBe(becomes);
});

test('a moving deployment is judged by the policy it started with, an idle lane by the file as it is', () => {
  const now = aPolicy({ operators: ['mallory@shop.example'] });
  const facts = someFacts({ asker: asker(), policy: now, now: at('10:04') });
  expect(told(decide(facts, idleLane(), click(holdLane)))).toBe('nothing moves; held');
  expect(told(decide(facts, awaitingApproval({ approval: approval() }), click(holdLane)))).toBe(
    'ignored: Mallory is not among the operators of this app',
  );
});
