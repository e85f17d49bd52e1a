import type { Asker, Facts } from './decision.ts';
import type { Policy } from './policy.ts';
import type { Actor } from './words.ts';

/** What somebody may do, or why not. `loud`: only because it is an emergency, and everybody is to hear of it. */
export type Permission = { may: true; loud: boolean } | { may: false; because: string };

const yes: Permission = { may: true, loud: false };
const no = (because: string): Permission => ({ may: false, because });

/**
 * Whether somebody may approve a build. Judged when the word is used, with what is known of the person then. A named token's right
 * was checked at the door; here it is compared by its name.
 */
export function mayApprove(
  approval: Policy['approval'],
  facts: Facts,
  by: Actor,
  requestedBy: string | null,
): Permission {
  if (!approval.required) return no('no approval is asked for');
  const known = personOf(facts.asker, by, requestedBy);
  const named = isNamed(approval.approvers, known);
  if (named && (approval.mayApproveOwn || known.isAuthor === false)) return yes;
  if (isNamed(approval.breakGlass, known)) return { may: true, loud: true };
  if (!named) return no(`${by.name} is not among the approvers`);
  return no(
    known.isAuthor === null
      ? 'whose change this is cannot be told, and nobody may approve their own'
      : `${by.name} may not approve their own change`,
  );
}

/** Whether somebody may hold, release, roll back, keep, reject or retry. Tokens carry that right themselves. */
export function mayOperate(policy: Policy, facts: Facts, by: Actor): Permission {
  if (facts.asker === null) return by.slackId === undefined ? yes : no('what you may do could not be looked up');
  const { approval, operators } = policy;
  const listed = approval.required ? [...operators, ...approval.approvers, ...approval.breakGlass] : operators;
  return isNamed(listed, personOf(facts.asker, by, null))
    ? yes
    : no(`${by.name} is not among the operators of this app`);
}

/** Whoever may approve may say no, and so may the author: it is their change. */
export function mayReject(policy: Policy, facts: Facts, by: Actor): Permission {
  return facts.asker?.isAuthor ? yes : mayOperate(policy, facts, by);
}

interface Known {
  names: string[];
  isAuthor: boolean | null;
}

function personOf(asker: Asker | null, by: Actor, requestedBy: string | null): Known {
  if (asker === null) {
    const isAuthor = requestedBy === null ? null : requestedBy === by.name;
    return { names: by.slackId === undefined ? [by.name] : [], isAuthor };
  }
  const { email, groups, isAuthor } = asker;
  return {
    names: [...(email === null ? [] : [email]), ...groups, ...(isAuthor === true ? ['authors'] : [])],
    isAuthor,
  };
}

/** Addresses are compared without case, as mail does. */
function isNamed(list: readonly string[], { names }: Known): boolean {
  const known = new Set(names.map((name) => name.toLowerCase()));
  return list.some((entry) => known.has(entry.toLowerCase()));
}
