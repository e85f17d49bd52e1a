import type { InputId } from '../../shared/lane/words.ts';
import { inputView } from '../../shared/wire/http/input-view.ts';
import { laneOfInputId } from '../../shared/wire/ids.ts';
import { runtime } from '../runtime.ts';
import type { Handler } from './answer.ts';
import { json, notFound } from './problem.ts';

/** What became of an input: pending, applied, or ignored and why. An id that never came is pending as well. */
export const getInput: Handler = async ({ param }) => {
  const id = param('id');
  const lane = laneOfInputId(id);
  if (lane === null) return notFound();
  const ports = await runtime.ports();
  return json(inputView(id, await ports.lanes.seen(lane, id as InputId)));
};
