import * as v from 'valibot';
import { instant, maybe, textUpTo } from './words.ts';

/** CloudEvents 1.0, structured JSON: what every event of ours, in or out, has around its data. Deduplicated on source and id. */
export const envelope = {
  specversion: v.literal('1.0'),
  id: textUpTo(300),
  source: textUpTo(500),
  time: maybe(instant),
};

/** Some senders put their data in as JSON text (seen from container registries); it is read as what it says. */
export const dataOf = <S extends v.GenericSchema<unknown, unknown>>(schema: S) =>
  v.pipe(
    v.unknown(),
    v.check((value) => value !== undefined, 'is missing'),
    v.transform(parsedText),
    schema,
  );

function parsedText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
