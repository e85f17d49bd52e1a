/**
 * A lock token (a UUID in text) as a delivery tag: .NET writes the first three groups of a GUID with their bytes
 * reversed, and the clients read the tag that way.
 */
export function deliveryTag(token: string): Buffer {
  const bytes = uuidBytes(token);
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

/** A UUID in text as its 16 bytes. */
export function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

/** The 16 bytes of a UUID as text, as a request to $management carries a lock token. */
export function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
