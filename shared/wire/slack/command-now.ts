import type { Command } from '../../lane/input.ts';
import type { Lane } from '../../lane/lane.ts';
import { assertNever } from '../../lane/words.ts';
import type { SlackWish } from './asked.ts';

/**
 * The command behind a typed word, naming what the lane holds at this moment: should that change before the lane decides, it
 * refuses as it refuses an old button. `says`: what was asked, for the asker to check. Plain text.
 */
export function commandNow(
  { wish, words }: Pick<SlackWish, 'wish' | 'words'>,
  lane: Lane,
): { ok: true; command: Command; says: string } | { ok: false; why: string } {
  const { active, live, id } = lane;
  if (wish === 'roll-back') {
    if (live === null || live.build === null)
      return { ok: false, why: `what ${id} runs was not deployed from here; there is nothing to roll back to` };
    const says = `roll ${live.version} back in ${id}`;
    return { ok: true, says, command: { type: 'roll-back', sawLive: live.build.id, reason: reasonOf(words) } };
  }
  if (active?.stage !== 'awaiting-approval') return { ok: false, why: `nothing waits for approval in ${id}` };
  const { build } = active;
  const which = { deployment: active.record.id, build: build.id };
  switch (wish) {
    case 'approve':
      if (words !== '' && words !== build.version)
        return {
          ok: false,
          why: `you named ${words.slice(0, 200)}; waiting for approval in ${id} is ${build.version}`,
        };
      return { ok: true, says: `approve ${build.version} in ${id}`, command: { type: 'approve', ...which } };
    case 'reject':
      return {
        ok: true,
        says: `reject ${build.version} in ${id}`,
        command: { type: 'reject', ...which, reason: reasonOf(words) },
      };
    default:
      return assertNever(wish);
  }
}

const reasonOf = (words: string): string => (words === '' ? 'in Slack' : words.slice(0, 2_000));
