import * as v from 'valibot';
import type { HeardOfSites, SiteEvent } from '../../lane/site-event.ts';
import { dataOf, envelope } from '../cloud-event.ts';
import { type Decoded, decoded, decodeWith, refused } from '../decode.ts';
import { readJson } from '../json.ts';
import { maybe, textUpTo } from '../words.ts';

/** The clients send it; a person's portal may send any text or none. One that is no id of a request of ours tells nothing. */
const REQUEST = /^[A-Za-z0-9-]{1,200}$/;

const request = v.pipe(
  v.unknown(),
  v.transform((id) => (typeof id === 'string' && REQUEST.test(id) ? id : null)),
);
const body = v.object({ data: maybe(dataOf(v.nullable(v.object({ clientRequestId: v.optional(request, null) })))) });

const type = textUpTo(200);
const subject = maybe(textUpTo(1_000));
const cloudEvent = v.object({ ...envelope, type, subject });
const gridEvent = v.object({ id: envelope.id, topic: envelope.source, eventType: type, subject });

/** Only to be told in a log line. */
const MOST_OTHERS = 20;

/** The vendor's clients name the types the first way, its table of event types the second. */
const SLOT_SWAP = /^Microsoft\.Web(?:\/sites)?\.SlotSwap(?:WithPreview)?(?:Started|Completed|Failed|Cancelled)$/i;

const SITE =
  /^\/subscriptions\/([^/]{1,100})\/resourceGroups\/([^/]{1,100})\/providers\/Microsoft\.Web\/sites\/([^/]{1,100})(?:\/slots\/[^/]{1,100})?\/?$/i;

/**
 * Reads what Event Grid delivers of a site: one event or a list, in the form of CloudEvents 1.0 or of Event Grid itself. Unknown fields
 * are passed over, and so are events of other types (`others`); one of a type we know must name its site.
 */
export function decodeSiteEvents(raw: unknown): Decoded<HeardOfSites> {
  const json = readJson(raw);
  if (!json.ok) return json;
  const all: unknown[] = Array.isArray(json.value) ? json.value : [json.value];
  const events: SiteEvent[] = [];
  const others = new Set<string>();
  for (const [index, one] of all.entries()) {
    const read = decodeOne(one);
    if (!read.ok) return refused(Array.isArray(json.value) ? `[${index}] ${read.why}` : read.why);
    if ('other' in read.value) others.add(read.value.other);
    else events.push(read.value);
  }
  return decoded({ events, others: [...others].slice(0, MOST_OTHERS) });
}

function decodeOne(one: unknown): Decoded<SiteEvent | { other: string }> {
  const head = headOf(one);
  if (!head.ok) return head;
  const { source, id, type, subject } = head.value;
  if (!SLOT_SWAP.test(type)) return decoded({ other: type });
  const read = decodeWith(body, one);
  if (!read.ok) return read;
  const [, subscriptionId, resourceGroup, name] = SITE.exec(source) ?? SITE.exec(subject ?? '') ?? [];
  if (subscriptionId === undefined || resourceGroup === undefined || name === undefined)
    return refused(
      'source (or topic): names no site; expected /subscriptions/…/resourceGroups/…/providers/Microsoft.Web/sites/…',
    );
  return decoded({
    source,
    id,
    site: { subscriptionId, resourceGroup, name },
    request: read.value.data?.clientRequestId ?? null,
  });
}

type Head = Pick<SiteEvent, 'source' | 'id'> & { type: string; subject: string | undefined };

function headOf(one: unknown): Decoded<Head> {
  if (typeof one === 'object' && one !== null && 'eventType' in one) {
    const read = decodeWith(gridEvent, one);
    if (!read.ok) return read;
    const { topic, eventType, id, subject } = read.value;
    return decoded({ source: topic, id, type: eventType, subject });
  }
  const read = decodeWith(cloudEvent, one);
  if (!read.ok) return read;
  const { source, id, type, subject } = read.value;
  return decoded({ source, id, type, subject });
}
