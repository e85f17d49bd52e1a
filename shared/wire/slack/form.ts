import { type Decoded, decoded, refused } from '../decode.ts';

/** The fields of an `application/x-www-form-urlencoded` body; of a field that comes twice, the first. */
export function decodeForm(raw: Uint8Array): Decoded<Record<string, string>> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(raw);
  } catch {
    return refused('the body is not UTF-8');
  }
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) fields[name] ??= value;
  return decoded(fields);
}
