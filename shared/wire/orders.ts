import * as v from 'valibot';
import type { PackageOrder } from '../lane/outgoing.ts';
import { type Decoded, decoded, decodeWith } from './decode.ts';
import { deploymentIdText, formOf, lane, maybe, sha256, textUpTo, wholeNumber } from './words.ts';

const counter = wholeNumber(0, Number.MAX_SAFE_INTEGER);

const message = v.object({
  data: v.object({
    form: formOf(1),
    attempt: counter,
    order: v.object({
      lane,
      deployment: deploymentIdText,
      attempt: counter,
      url: textUpTo(4000),
      sha256,
      size: maybe(counter),
    }),
  }),
});

/** The body of a message to the queue `packages`. `attempt`: how often the order met something that was down. */
export const encodeOrder = (order: PackageOrder, attempt: number): object => ({ data: { form: 1, attempt, order } });

/** Reads the body of a message from the queue `packages`. */
export function decodeOrder(raw: unknown): Decoded<{ order: PackageOrder; attempt: number }> {
  const read = decodeWith(message, raw);
  return read.ok ? decoded({ order: read.value.data.order, attempt: read.value.data.attempt }) : read;
}
