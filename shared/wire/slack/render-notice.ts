import type { Lane } from '../../lane/lane.ts';
import { context, type Message, message, section, time } from './blocks.ts';
import { escapeText } from './escape.ts';
import { offeredForLane } from './offered.ts';

/** What became of a lane apart from a deployment: held, released, or changed by somebody else. */
export function renderLane(lane: Lane, interactive: boolean): Message {
  const { id, live, hold, queue } = lane;
  const held = hold === null ? null : `🔒 *${escapeText(id)}* is on hold by ${escapeText(hold.by, 100)}`;
  const runs =
    live === null
      ? 'what production runs is not known yet'
      : `production answers ${escapeText(live.identity.version ?? live.version)} since ${time(live.liveAt)}${
          live.deployment === null ? ', put there by somebody else' : ''
        }`;
  const text =
    hold === null
      ? `${id}: ${live === null ? 'production is not known yet' : `production answers ${escapeText(live.identity.version ?? live.version)}`}`
      : `🔒 ${id} is on hold: ${escapeText(hold.because)}`;
  return message(text, [
    section(held === null ? `*${escapeText(id)}*: ${runs}` : `${held}\n${escapeText(hold?.because ?? '', 1_000)}`),
    held === null ? null : context(runs),
    queue.length === 0
      ? null
      : context(`waiting: ${queue.map(({ build }) => escapeText(build.version, 60)).join(', ')}`),
    interactive ? offeredForLane(lane) : null,
  ]);
}

/** Something arrived that could not be read. What it was is not shown: it may hold anything. */
export function renderDeadLetter({ source, id, reason }: { source: string; id: string; reason: string }): Message {
  return message(`✉️ a message from ${escapeText(source)} could not be read: ${escapeText(reason)}`, [
    section(`✉️ a message from *${escapeText(source)}* could not be read and was kept\n${escapeText(reason, 1_000)}`),
    context(`dead letter \`${escapeText(id)}\``),
  ]);
}
