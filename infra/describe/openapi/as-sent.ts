import type * as v from 'valibot';

type Schema = v.GenericSchema<unknown, unknown>;

/** The parts of a schema that hold others. */
interface Parts {
  pipe?: unknown[];
  entries?: Record<string, Schema>;
  options?: Schema[];
  wrapped?: Schema;
}

const isSchema = (item: unknown): item is Schema => (item as { kind?: unknown }).kind === 'schema';

/**
 * The schema of what is sent, for one that lays a value out before it reads it (data that may come as text, a list that is cut): there it is the
 * last schema of the pipe that says what a sender has to send. To be described only, not to read with.
 */
export function asSent<S extends Schema>(schema: S): S {
  const { pipe, entries, options, wrapped } = schema as Parts;
  if (pipe !== undefined) {
    const schemas = pipe.filter(isSchema);
    const last = schemas.at(-1);
    if (schemas.length > 1 && last !== undefined) return asSent(last) as S;
    return { ...schema, pipe: [plain(schema), ...pipe.slice(1)] };
  }
  if (entries !== undefined)
    return { ...schema, entries: Object.fromEntries(Object.entries(entries).map(([key, one]) => [key, asSent(one)])) };
  if (options?.every(isSchema)) return { ...schema, options: options.map(asSent) };
  return wrapped === undefined ? schema : { ...schema, wrapped: asSent(wrapped) };
}

/** What a pipe begins with. */
function plain(schema: Schema): Schema {
  const [first] = (schema as Parts).pipe ?? [];
  return isSchema(first) ? asSent(first) : schema;
}

/** The one check of a pipe. */
export function checkOf(schema: Schema): unknown {
  const check = ((schema as Parts).pipe ?? []).find((item) => (item as { type?: unknown }).type === 'check');
  if (check === undefined) throw new TypeError('the schema has no check');
  return check;
}
