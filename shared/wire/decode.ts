import * as v from 'valibot';
import { type JsonLimits, readJson } from './json.ts';

/** What a decoder answers. `why` names every fault with its path and what is expected there, never the value itself. */
export type Decoded<T> = { ok: true; value: T } | { ok: false; why: string };

export const decoded = <T>(value: T): Decoded<T> => ({ ok: true, value });
export const refused = (why: string): { ok: false; why: string } => ({ ok: false, why });

/** More faults than this say nothing new. */
const MOST_FAULTS = 20;

type Schema = v.GenericSchema<unknown, unknown>;

/** Reads outside data by a schema: text and bytes are parsed first, nesting and size are guarded. */
export function decodeWith<S extends Schema>(schema: S, raw: unknown, limits?: JsonLimits): Decoded<v.InferOutput<S>> {
  const json = readJson(raw, limits);
  if (!json.ok) return json;
  // The library takes a list for an object without keys.
  if (Array.isArray(json.value) && /object|variant/.test(schema.type)) {
    return refused('the whole: expected an object, got a list');
  }
  const read = v.safeParse(schema, json.value);
  return read.success ? decoded(read.output) : refused(listFaults(faultsOf(read.issues)));
}

/** `path: what is wrong` for each issue. */
export function faultsOf(issues: readonly v.BaseIssue<unknown>[], under = ''): string[] {
  return issues.flatMap((issue) => {
    const path = joinPath(under, issue.path);
    // A union fails as a whole; where one of its branches got further than the others, its faults are the useful ones.
    const deeper = issue.issues?.filter((inner) => inner.path !== undefined) ?? [];
    if (deeper.length > 0) return faultsOf(deeper, path);
    return [`${path === '' ? 'the whole' : path}: ${faultOf(issue)}`];
  });
}

/** All faults as one text, the first twenty by name. */
export function listFaults(faults: readonly string[]): string {
  const named = faults.slice(0, MOST_FAULTS).join('; ');
  return faults.length <= MOST_FAULTS ? named : `${named}; and ${faults.length - MOST_FAULTS} more`;
}

function faultOf(issue: v.BaseIssue<unknown>): string {
  // The library's own messages quote the value, which may be long or secret; ours are fixed texts.
  if (!issue.message.startsWith('Invalid ')) return issue.message;
  if (issue.expected === 'never') return 'is not a known key';
  if (issue.received === 'undefined') return 'is missing';
  const expected = EXPECTED[issue.expected ?? ''] ?? issue.expected ?? 'something else';
  return `expected ${expected}, got ${kindOf(issue.input)}`;
}

const EXPECTED: Record<string, string> = { Object: 'an object', Array: 'a list', string: 'text', number: 'a number' };

function kindOf(input: unknown): string {
  if (input === null) return 'null';
  if (Array.isArray(input)) return 'a list';
  const kind = typeof input;
  if (kind === 'string') return 'other text';
  return kind === 'object' ? 'an object' : `a ${kind}`;
}

function joinPath(under: string, path: v.BaseIssue<unknown>['path']): string {
  let text = under;
  for (const { key } of path ?? []) {
    if (typeof key === 'number') text += `[${key}]`;
    else text += `${text === '' ? '' : '.'}${plainKey(String(key))}`;
  }
  return text;
}

/** A key is outside text too. */
const plainKey = (key: string): string => key.replace(/\p{C}/gu, '?').slice(0, 60);
