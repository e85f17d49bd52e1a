import type { Check, Policy } from '../../lane/policy.ts';
import { type Html, html } from '../html.ts';
import { code, durationInWords, listed, named, times } from './in-words.ts';

/** One step: what is done, and what happens when it does not succeed. */
export interface Step {
  name: string;
  does: Html;
  /** Null where nothing can go wrong. */
  otherwise: Html | null;
}

/** What a lane's policy comes to, step by step. */
export function stepsOf(policy: Policy): Step[] {
  if (policy.mode === 'observe') return [];
  const toSlot = [staging(policy), warming(policy), verifying(policy)];
  if (policy.mode === 'stage') return toSlot;
  return [...toSlot, ...approval(policy), swap(policy), watch(policy), rollback(policy)];
}

const untouched = html`The deployment has failed; production is untouched.`;

const staging = ({ site }: Policy): Step => ({
  name: 'Stage',
  does: html`The build is copied and its SHA-256 compared; that very copy is published to the slot ${code(site.slot)} of the site ${named(site.name)}.`,
  otherwise: untouched,
});

function warming({ warmUp }: Policy): Step {
  const { path, statuses, timesInARow, everyMs, deadlineMs } = warmUp;
  return {
    name: 'Warm up',
    does: html`The slot is asked for ${code(path)} every ${durationInWords(everyMs)} until it answers ${listed(statuses.map(code), 'or')} with the version of this build ${times(timesInARow)} in a row.`,
    otherwise: html`After ${durationInWords(deadlineMs)} without that, the deployment has failed; production is untouched.`,
  };
}

function verifying({ checks }: Policy): Step {
  return checks.length === 0
    ? { name: 'Verify', does: html`No checks are named, so nothing is asked.`, otherwise: null }
    : { name: 'Verify', does: html`The slot is asked: <ul>${checks.map(checkItem)}</ul>`, otherwise: untouched };
}

function checkItem({ name, path, status, contains, maxLatencyMs }: Check): Html {
  const text = contains === undefined ? html`` : html`, containing “${contains}”`;
  const soon = maxLatencyMs === undefined ? html`` : html`, within ${durationInWords(maxLatencyMs)}`;
  return html`<li>${named(name)}: ${code(path)} answers ${code(status)}${text}${soon}</li>`;
}

function approval({ approval: asked }: Policy): Step[] {
  if (!asked.required) return [];
  const own = asked.mayApproveOwn ? 'People may approve their own change.' : 'Nobody approves their own change.';
  const glass =
    asked.breakGlass.length === 0
      ? html``
      : html` In an emergency, ${listed(asked.breakGlass.map(named), 'or')} may approve all the same, and everybody is told.`;
  const reminder =
    asked.remindBeforeMs === null
      ? html``
      : html` A reminder comes ${durationInWords(asked.remindBeforeMs)} before that time is up.`;
  return [
    {
      name: 'Approve',
      does: html`${listed(asked.approvers.map(named), 'or')} must approve it within ${durationInWords(asked.expiresAfterMs)}. ${own}${reminder}${glass} What was approved is warmed and asked once more before it goes on.`,
      otherwise: html`Rejected, or not approved in time: the deployment ends; production is untouched.`,
    },
  ];
}

const swap = ({ site }: Policy): Step => ({
  name: 'Swap',
  does: html`${code(site.slot)} and production are exchanged, once. The build counts as live after two equal looks at both slots.`,
  otherwise: html`Refused: production is untouched. Found in a state that explains itself in no way: a person is asked, and the lane is held.`,
});

function watch({ watch: { forMs, everyMs }, checks, errorLimits }: Policy): Step {
  const { newGroupReports, ratio, perMinute } = errorLimits;
  const again = checks.length === 0 ? html`` : html` <li>a check fails, twice, asked of production</li>`;
  return {
    name: 'Watch',
    does: html`For ${durationInWords(forMs)} it is judged every ${durationInWords(everyMs)}. It is bad when
      <ul><li>an error never seen before was reported ${times(newGroupReports)} or more</li>
      <li>errors come at ${perMinute} a minute or more, and at more than ${ratio} times the rate of the hour before</li>${again}</ul>`,
    otherwise: html`Where errors could not be counted, it stays live and is called inconclusive, not good.`,
  };
}

function rollback({ rollback: { mode, askExpiresAfterMs, holdAfter } }: Policy): Step {
  const after = holdAfter ? html` Then nothing starts here until a person releases the lane.` : html``;
  const asked = html`a person is asked, with the evidence; after ${durationInWords(askExpiresAfterMs)} without an answer it stays live and the lane is held`;
  return {
    name: 'Roll back',
    does:
      mode === 'automatic'
        ? html`A bad build is swapped back by itself and never returns by itself.${after} Where it changed the data so that the older one cannot run, ${asked}.`
        : html`When the build is bad, ${asked}.${after}`,
    otherwise: html`When the previous build is no longer in the slot, its kept copy is published again. When there is none, a person is asked, and the lane is held.`,
  };
}
