import rhea, { type Typed } from 'rhea';

/** The part of rhea's codec that its declarations leave out. */
interface Codec {
  Writer: new () => { write(value: Typed): void; toBuffer(): Buffer };
  described(descriptor: Typed, value: Typed): Typed;
}

const codec = rhea.types as unknown as Codec;

/** A value as AMQP bytes; a number becomes the narrowest type that holds it. */
export function encodeValue(value: unknown): Buffer {
  const writer = new codec.Writer();
  writer.write(rhea.types.wrap(value));
  return writer.toBuffer();
}

/** Sections of a message, one after the other: each a descriptor code and its value. */
export function encodeSections(sections: { code: number; value: Typed }[]): Buffer {
  const writer = new codec.Writer();
  for (const { code, value } of sections) writer.write(codec.described(rhea.types.wrap_ulong(code), value));
  return writer.toBuffer();
}
