/** The sections of an AMQP 1.0 message (part 3.2 of the specification), by the last byte of their descriptor. */
export const section = {
  header: 0x70,
  deliveryAnnotations: 0x71,
  messageAnnotations: 0x72,
  properties: 0x73,
  applicationProperties: 0x74,
  data: 0x75,
  footer: 0x78,
} as const;

export interface Section {
  code: number;
  /** Where the section begins, with its descriptor. */
  start: number;
  /** Where its value begins. */
  value: number;
  end: number;
}

/**
 * The sections of an encoded message, found by their lengths alone: what is in them stays as the sender wrote it.
 * @throws RangeError when the bytes are not a message
 */
export function sectionsOf(message: Buffer): Section[] {
  const found: Section[] = [];
  for (let start = 0; start < message.length; ) {
    if (message[start] !== 0x00) throw new RangeError(`no section begins at byte ${start}`);
    const value = endOfValue(message, start + 1);
    const end = endOfValue(message, value);
    found.push({ code: descriptorCode(message, start + 1), start, value, end });
    start = end;
  }
  return found;
}

/** Where the value that begins here, constructor included, ends (AMQP 1.0, part 1.2). @throws RangeError */
export function endOfValue(bytes: Buffer, at: number): number {
  const form = bytes.readUInt8(at);
  if (form === 0x00) return endOfValue(bytes, endOfValue(bytes, at + 1));
  const end = at + 1 + widthOf(bytes, at + 1, form >> 4);
  if (end > bytes.length) throw new RangeError(`the value at byte ${at} goes beyond the end`);
  return end;
}

const fixedWidths: Record<number, number> = { 4: 0, 5: 1, 6: 2, 7: 4, 8: 8, 9: 16 };

function widthOf(bytes: Buffer, at: number, category: number): number {
  const fixed = fixedWidths[category];
  if (fixed !== undefined) return fixed;
  if (category === 0xa || category === 0xc || category === 0xe) return 1 + bytes.readUInt8(at);
  if (category === 0xb || category === 0xd || category === 0xf) return 4 + bytes.readUInt32BE(at);
  throw new RangeError(`byte ${at - 1} is no constructor`);
}

/** A descriptor is a number in one byte or in eight. The symbolic form is allowed as well, and used by nobody we know. */
function descriptorCode(bytes: Buffer, at: number): number {
  if (bytes[at] === 0x53) return bytes.readUInt8(at + 1);
  if (bytes[at] === 0x80) return bytes.readUInt8(at + 8);
  throw new RangeError(`byte ${at} is no numeric descriptor`);
}
