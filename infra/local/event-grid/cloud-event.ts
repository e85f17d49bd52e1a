/** An event as it is published and delivered: CloudEvents 1.0, structured JSON. */
export interface CloudEvent extends Record<string, unknown> {
  id: string;
  source: string;
  type: string;
}

/** The events of one request to a topic; undefined: it is none, or one of them is none. */
export function publishedIn(body: string, isBatch: boolean): CloudEvent[] | undefined {
  const value = parsed(body);
  const all: unknown[] | undefined = isBatch ? (Array.isArray(value) ? value : undefined) : [value];
  return all?.every(isCloudEvent) ? all : undefined;
}

function isCloudEvent(value: unknown): value is CloudEvent {
  if (typeof value !== 'object' || value === null) return false;
  const event = value as Record<string, unknown>;
  const isText = (name: string): boolean => typeof event[name] === 'string' && event[name] !== '';
  return event.specversion === '1.0' && ['id', 'source', 'type'].every(isText);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
