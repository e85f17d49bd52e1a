import type { Asker } from '../../shared/lane/decision.ts';
import type { Policy } from '../../shared/lane/policy.ts';
import type { Actor, Build } from '../../shared/lane/words.ts';

/** Somebody who clicks, or a named token. What Slack shows of a person can change at any time. */
export interface Somebody {
  name: string;
  /** Null: a token. */
  slackId: string | null;
  email: string;
  showsEmail: boolean;
  inRelease: boolean;
}

const person = (id: string, name: string, more: Partial<Somebody> = {}): Somebody => ({
  name,
  slackId: `U-${id}`,
  email: `${id}@shop.example`,
  showsEmail: true,
  inRelease: false,
  ...more,
});
const token = (name: string): Somebody => ({ name, slackId: null, email: '', showsEmail: false, inRelease: false });

/** Mallory calls herself what the owner's file calls an approver; what people call themselves must not count. */
export const newPeople = (): Somebody[] => [
  person('ada', 'Ada'),
  person('bob', 'Bob', { inRelease: true }),
  person('grace', 'Grace'),
  person('linus', 'Linus'),
  person('olga', 'Olga'),
  person('root', 'Root'),
  person('mallory', 'release-bot'),
  token('release-bot'),
  token('cron'),
];

export const actorOf = ({ name, slackId }: Somebody): Actor => (slackId === null ? { name } : { name, slackId });

/** As Slack answers: only about the groups and addresses it is asked for. */
export function slackSays(somebody: Somebody, question: { groups: string[]; authorEmails: string[] }): Asker {
  const { email, showsEmail, inRelease } = somebody;
  const groups = inRelease && question.groups.some((group) => group.toLowerCase() === '@release') ? ['@release'] : [];
  if (!showsEmail || question.authorEmails.length === 0)
    return { email: showsEmail ? email : null, groups, isAuthor: null };
  return { email, groups, isAuthor: question.authorEmails.includes(email) };
}

/** What is true of somebody and a build, from the world itself. */
export interface Truth {
  isToken: boolean;
  names: string[];
  own: 'yes' | 'no' | 'unknown';
}

export function truthOf(somebody: Somebody, build: Build | null, requestedBy: string | null): Truth {
  const { name, slackId, email, showsEmail, inRelease } = somebody;
  if (slackId === null) {
    const own = requestedBy === null ? 'unknown' : requestedBy === name ? 'yes' : 'no';
    return { isToken: true, names: [name], own };
  }
  const names = [...(showsEmail ? [email] : []), ...(inRelease ? ['@release'] : [])];
  const wrote = [...(build?.commits.map(({ author }) => author.email) ?? []), build?.requestedBy?.email];
  const known = wrote.filter((address) => address !== undefined);
  const own = !showsEmail || known.length === 0 ? 'unknown' : known.includes(email) ? 'yes' : 'no';
  return { isToken: false, names, own };
}

const stands = (list: string[], { names, own, isToken }: Truth): boolean =>
  list.some(
    (entry) =>
      names.some((name) => name.toLowerCase() === entry.toLowerCase()) ||
      (entry === 'authors' && !isToken && own === 'yes'),
  );

/** The rules of who may approve, written down a second time. */
export function rightToApprove({ approval }: Policy, who: Truth): 'no' | 'quietly' | 'loudly' {
  if (!approval.required) return 'no';
  const fourEyes = approval.mayApproveOwn || who.own === 'no';
  if (fourEyes && stands(approval.approvers, who)) return 'quietly';
  return stands(approval.breakGlass, who) ? 'loudly' : 'no';
}

/** Who may hold, release, roll back, keep, retry; the door let a token in because it may. */
export function rightToOperate({ approval, operators }: Policy, who: Truth): boolean {
  if (who.isToken || stands(operators, who)) return true;
  return approval.required && (stands(approval.approvers, who) || stands(approval.breakGlass, who));
}
