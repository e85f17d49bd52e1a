import * as v from 'valibot';
import { eventTypes, type OutgoingEvent } from '../lane/outgoing.ts';
import { envelope } from './cloud-event.ts';
import { type Decoded, decoded, decodeWith } from './decode.ts';
import { formOf, instant, textUpTo } from './words.ts';

/** CloudEvents 1.0 in structured JSON. */
export interface CloudEvent {
  specversion: '1.0';
  id: string;
  source: string;
  type: OutgoingEvent['type'];
  subject: string;
  time: string;
  datacontenttype: 'application/json';
  /** An extension attribute: of what we put into it. */
  form: 1;
  data: OutgoingEvent['data'];
}

const SOURCE = '/warmswap';

/** The body of a message to the topic `deployment-events`. */
export const toCloudEvent = ({ id, type, subject, time, data }: OutgoingEvent): CloudEvent => ({
  specversion: '1.0',
  id,
  source: SOURCE,
  type,
  subject,
  time: time.toISOString(),
  datacontenttype: 'application/json',
  form: 1,
  data,
});

const message = v.object({
  ...envelope,
  form: formOf(1),
  type: v.picklist(eventTypes),
  subject: textUpTo(500),
  time: instant,
  data: v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.null()])),
});

/** Reads the body of a message from a subscription of `deployment-events`. */
export function decodeOutgoingEvent(raw: unknown): Decoded<OutgoingEvent> {
  const read = decodeWith(message, raw);
  if (!read.ok) return read;
  const { id, type, subject, time, data } = read.value;
  return decoded({ id, type, subject, time, data });
}
