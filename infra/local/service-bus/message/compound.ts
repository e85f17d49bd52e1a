import { endOfValue } from './sections.ts';

/** The encoded values inside an encoded list or map, each as its bytes. */
export function itemsOf(bytes: Buffer, at: number): Buffer[] {
  const form = bytes.readUInt8(at);
  if (form === 0x45 || form === 0x40) return [];
  const wide = form >> 4 === 0xd;
  const count = wide ? bytes.readUInt32BE(at + 5) : bytes.readUInt8(at + 2);
  const items: Buffer[] = [];
  let next = at + (wide ? 9 : 3);
  for (let index = 0; index < count; index += 1) {
    const end = endOfValue(bytes, next);
    items.push(bytes.subarray(next, end));
    next = end;
  }
  return items;
}

/** A section whose value is a list or a map of these encoded values. */
export function compoundSection(code: number, kind: 'list' | 'map', items: Buffer[]): Buffer {
  const body = Buffer.concat(items);
  const head = Buffer.alloc(12);
  head.set([0x00, 0x53, code, kind === 'list' ? 0xd0 : 0xd1]);
  head.writeUInt32BE(body.length + 4, 4);
  head.writeUInt32BE(items.length, 8);
  return Buffer.concat([head, body]);
}
