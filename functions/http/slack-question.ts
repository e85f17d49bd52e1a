import type { LaneId } from '../../shared/lane/words.ts';
import { assertNever } from '../../shared/lane/words.ts';
import type { Message, Ports } from '../../shared/ports.ts';
import type { SlackQuestion } from '../../shared/wire/slack/asked.ts';
import { renderHistory, renderStatus, renderWhoIsLive } from '../../shared/wire/slack/render-question.ts';

type Tables = Pick<Ports, 'lanes'>;

/** Read from the tables as they are now; no lane is asked to do anything. */
export async function answerQuestion(ports: Tables, { question, lanes }: SlackQuestion): Promise<Message> {
  switch (question) {
    case 'status':
      return renderStatus(await Promise.all(lanes.map(async (id) => (await ports.lanes.load(id)).lane)));
    case 'history':
      return renderHistory(await Promise.all(lanes.map((id) => historyOf(ports, id, lanes.length === 1 ? 10 : 3))));
    case 'who-is-live':
      return renderWhoIsLive(await Promise.all(lanes.map((id) => liveOf(ports, id))));
    default:
      return assertNever(question);
  }
}

async function historyOf({ lanes }: Tables, id: LaneId, most: number) {
  const [{ lane }, records] = await Promise.all([lanes.load(id), lanes.deployments(id, most)]);
  return { lane, records };
}

async function liveOf({ lanes }: Tables, id: LaneId) {
  const { lane } = await lanes.load(id);
  const { deployment = null, build = null } = lane.live ?? {};
  const [record, row] = await Promise.all([
    deployment === null ? null : lanes.deployment(id, deployment),
    build === null ? null : lanes.build(id, build.id),
  ]);
  return { lane, record, build: row?.build ?? null };
}
