import { cut, redact, redactUrl } from './redact.ts';
import type { ErrorReport, Frame, Sample } from './words.ts';

/** Bytes of a sample as JSON in UTF-8. */
export const MOST_BYTES = 4_096;
const MOST_FRAMES = 15;

/** Of text that was made well-formed: two code units of a pair are four bytes. */
function bytesOf(value: unknown): number {
  const text = JSON.stringify(value);
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return bytes;
}

const maybe = (text: string | undefined, most: number): string | undefined =>
  text === undefined || text === '' ? undefined : redact(text, most);

function small(frame: Frame): Frame {
  const { line, column, inApp } = frame;
  const file = frame.file === undefined || frame.file === '' ? undefined : redactUrl(frame.file, 200);
  return { function: maybe(frame.function, 120), module: maybe(frame.module, 120), file, line, column, inApp };
}

const firstLine = (text: string): string => text.trim().split(/[\r\n]/, 1)[0] ?? '';

/** `Type: first line of the message`, in one line of at most 200 characters. */
function titleOf({ exceptions: [outermost], message }: ErrorReport): string {
  if (outermost === undefined) return redact(firstLine(message ?? ''), 200) || 'an error without words';
  const said = firstLine(outermost.message);
  return redact(said === '' ? outermost.type : `${outermost.type}: ${said}`, 200);
}

/** What is kept of a report to show a person: at most 4 KiB and 15 frames of the outermost exception, without secrets. */
export function sampleOf(report: ErrorReport): Sample {
  const [outermost] = report.exceptions;
  const { request } = report;
  const sample: Sample = {
    title: titleOf(report),
    type: maybe(outermost?.type, 200),
    message: maybe(outermost?.message ?? report.message, 600),
    frames: (outermost?.frames ?? []).slice(0, MOST_FRAMES).map(small),
    request: request && { method: cut(request.method, 20), url: redactUrl(request.url, 300) },
    host: maybe(report.host, 100),
    occurredAt: report.occurredAt,
  };
  while (bytesOf(sample) > MOST_BYTES && sample.frames.length > 0) sample.frames.pop();
  return sample;
}
