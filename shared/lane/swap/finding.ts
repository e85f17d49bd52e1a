import { holds, type Look, otherAnswers } from '../look.ts';
import { assertNever } from '../words.ts';
import type { Act, Finding } from './act.ts';
import { nameOf } from './preconditions.ts';

type Looking = Extract<Act, { step: 'looking' }>;

/** Rule 5 of DESIGN §6: what two equal looks, far enough apart, establish about an act. */
export function findingOf(act: Looking, first: Look, look: Look): Finding {
  const { goal, claim } = act;
  const seen = { from: act.lastOld, to: first.at };
  switch (goal.kind) {
    case 'publish':
      return publishFinding(look);
    case 'settings':
      return look.warmUpPing.staging.path === goal.path && look.warmUpPing.staging.statuses === goal.statuses
        ? { found: 'done', look, switchedBetween: seen }
        : { found: 'not-started', because: 'the warm-up settings of staging did not change' };
    case 'reset':
      return look.targetSwapSlot === null
        ? { found: 'done', look, switchedBetween: seen }
        : { found: 'not-started', because: 'the swap with preview is still pending' };
    case 'swap': {
      if (look.targetSwapSlot !== null) return { found: 'preview-pending' };
      const moved = look.stamp !== claim.look.stamp;
      const [inProduction, inStaging] = moved ? [goal.goal, goal.former] : [goal.former, goal.goal];
      if (!holds(look.production, inProduction, false) || !holds(look.staging, inStaging, false))
        return foreign(look, moved ? 'a swap was completed' : 'no swap was completed');
      const others = otherAnswers(look, inProduction);
      if (others.length > 0) return foreign(look, `production also answers ${others.join(', ')}`);
      return moved
        ? { found: 'done', look, switchedBetween: seen }
        : { found: 'not-started', because: 'the swap did not take place' };
    }
    default:
      return assertNever(goal);
  }
}

function publishFinding(look: Look): Finding {
  const { published } = look;
  if (published === null || published.state === 'running') return foreign(look, 'how our publish stands was not seen');
  switch (published.state) {
    case 'complete':
      return published.active
        ? { found: 'done', look, switchedBetween: { from: look.began, to: look.at } }
        : foreign(look, 'our publish is complete, but the slot holds another');
    case 'failed':
      return { found: 'not-started', because: `the publish failed: ${published.because}` };
    case 'none':
      return { found: 'not-started', because: 'the publish was never taken' };
    default:
      return assertNever(published);
  }
}

function foreign(look: Look, because: string): Finding {
  const slots = `production holds ${nameOf(look.production.identity)}, staging ${nameOf(look.staging.identity)}`;
  return { found: 'foreign', because: `${because}; ${slots}` };
}
