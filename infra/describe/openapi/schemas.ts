import { toJsonSchemaDefs } from '@valibot/to-json-schema';
import { artifactAddress, webAddress } from '../../../shared/wire/builds/facts.ts';
import { buildEvent } from '../../../shared/wire/builds/warmswap.ts';
import { groupChangeBody } from '../../../shared/wire/commands/group-change.ts';
import { commandBody } from '../../../shared/wire/commands/warmswap.ts';
import * as answers from '../../../shared/wire/http/answers.ts';
import { markerBody } from '../../../shared/wire/markers/warmswap.ts';
import { instant, version } from '../../../shared/wire/words.ts';
import { asSent, checkOf } from './as-sent.ts';
import { errorMessage, errorReport } from './error-event.ts';

/** What is named in the description, by its name there. */
const named = {
  BuildEvent: asSent(buildEvent),
  ErrorEvents: errorMessage,
  ErrorReport: errorReport,
  MarkerToPost: markerBody,
  Command: commandBody,
  GroupChange: groupChangeBody,
  Problem: answers.problem,
  Accepted: answers.accepted,
  Ignored: answers.ignored,
  Counted: answers.counted,
  Replayed: answers.replayed,
  BuildRef: answers.buildRef,
  Evidence: answers.evidence,
  Live: answers.live,
  Deployment: answers.deployment,
  Lane: answers.laneState,
  UnreadableLane: answers.unreadableLane,
  Input: answers.input,
  JournalEntry: answers.journalEntry,
  Marker: answers.marker,
  ErrorGroup: answers.errorGroup,
  DeadLetter: answers.deadLetter,
  WholeDeadLetter: answers.wholeDeadLetter,
};

export type SchemaName = keyof typeof named;

/** What a check of ours says that JSON Schema can say as well. */
const known = new Map<unknown, object>([
  // The pattern: not empty, and not the one word that stands for none.
  [checkOf(version), { minLength: 1, maxLength: 200, pattern: '^(?!none$)(?=[\\s\\S]*\\S)' }],
  [checkOf(instant), { format: 'date-time' }],
  [checkOf(webAddress), { format: 'uri', pattern: '^[Hh][Tt][Tt][Pp][Ss]?://' }],
  [checkOf(artifactAddress), { format: 'uri', pattern: '^https?://' }],
]);

const isNumber = (schema: unknown): schema is object =>
  ['number', 'integer'].includes(String((schema as { type?: unknown }).type));

function aboutNumber(action: { type: string; requirement?: unknown }): object | null {
  if (action.type === 'integer') return { type: 'integer' };
  if (action.type === 'min_value') return { minimum: action.requirement };
  return action.type === 'max_value' ? { maximum: action.requirement } : null;
}

/** Those of draft 2020-12, which OpenAPI 3.1 takes as they are. A check that JSON Schema cannot say is left out. */
export function schemas(): Record<SchemaName, object> {
  const defs = toJsonSchemaDefs(named, {
    typeMode: 'input',
    target: 'draft-2020-12',
    errorMode: 'ignore',
    overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
    overrideAction({ valibotAction, jsonSchema }) {
      // Where one of several is a number, what is said of numbers is said of it alone.
      const onNumbers = aboutNumber(valibotAction);
      if (onNumbers !== null && jsonSchema.anyOf !== undefined) {
        const { type: _, ...others } = jsonSchema;
        return { ...others, anyOf: jsonSchema.anyOf.map((one) => (isNumber(one) ? { ...one, ...onNumbers } : one)) };
      }
      const facts = known.get(valibotAction);
      return facts === undefined ? undefined : { ...jsonSchema, ...facts };
    },
  });
  for (const schema of Object.values(defs)) delete schema.$schema;
  return defs;
}
