/** One round of MurmurHash3 (32 bit) over a UTF-16 code unit. */
function mix(hash: number, unit: number, first: number, second: number): number {
  const scrambled = Math.imul(unit, first);
  const turned = hash ^ Math.imul((scrambled << 15) | (scrambled >>> 17), second);
  return (Math.imul((turned << 13) | (turned >>> 19), 5) + 0xe6546b64) | 0;
}

/** The finishing mix of MurmurHash3: every bit of the input reaches every bit of the result. */
function finish(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');

/**
 * 16 lower-case hex characters. Two independent 32-bit lanes: enough to tell fingerprints and messages of one lane apart,
 * not meant against somebody who seeks collisions (who could as well repeat a fingerprint).
 */
export function hash64(...parts: string[]): string {
  const text = parts.join('\u0000');
  let a = 0x9747b28c;
  let b = 0x3c6ef372;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    a = mix(a, unit, 0xcc9e2d51, 0x1b873593);
    b = mix(b, unit + 0x10000, 0x85ebca77, 0x27d4eb2f);
  }
  return hex(finish(a ^ text.length)) + hex(finish(b ^ text.length));
}
