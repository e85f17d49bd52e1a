import { compoundSection, itemsOf } from './compound.ts';
import { encodeValue } from './encode-value.ts';
import { type Section, section, sectionsOf } from './sections.ts';

/** The message with this message id in its properties, which may have been missing altogether. */
export function withMessageId(bare: Buffer, messageId: string): Buffer {
  const found = sectionsOf(bare).find(({ code }) => code === section.properties);
  const [, ...rest] = found === undefined ? [] : itemsOf(bare, found.value);
  return replace(bare, found, 0, compoundSection(section.properties, 'list', [encodeValue(messageId), ...rest]));
}

/** The message with these application properties set; all others keep their bytes, and so their types. */
export function withApplicationProperties(bare: Buffer, changes: Record<string, unknown>): Buffer {
  if (Object.keys(changes).length === 0) return bare;
  const sections = sectionsOf(bare);
  const found = sections.find(({ code }) => code === section.applicationProperties);
  const before = found === undefined ? [] : itemsOf(bare, found.value);
  const items: Buffer[] = [];
  for (let index = 0; index + 1 < before.length; index += 2) {
    const [key, value] = [before[index], before[index + 1]];
    if (key !== undefined && value !== undefined && !(textOf(key) in changes)) items.push(key, value);
  }
  for (const [key, value] of Object.entries(changes)) items.push(encodeValue(key), encodeValue(value));
  const properties = sections.find(({ code }) => code === section.properties);
  return replace(bare, found, properties?.end ?? 0, compoundSection(section.applicationProperties, 'map', items));
}

function replace(bare: Buffer, found: Section | undefined, otherwiseAt: number, by: Buffer): Buffer {
  const start = found?.start ?? otherwiseAt;
  return Buffer.concat([bare.subarray(0, start), by, bare.subarray(found?.end ?? start)]);
}

/** The text of an encoded string or symbol. */
function textOf(encoded: Buffer): string {
  const wide = (encoded.readUInt8(0) & 0xf0) === 0xb0;
  return encoded.toString('utf8', wide ? 5 : 2);
}
