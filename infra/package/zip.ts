import { zipSync } from 'fflate';

/** Of no meaning, and the same everywhere: a zip holds local times, so this one is made in local time. */
const MADE = new Date(2000, 0, 1, 12);

/** The files as a zip, the same bytes for the same files: sorted, one time for all, the compressor a pinned dependency. */
export function zipOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const names = Object.keys(files).sort();
  return zipSync(Object.fromEntries(names.map((name) => [name, files[name] ?? new Uint8Array()])), {
    level: 9,
    mtime: MADE,
  });
}

/** Compressed bytes by file, as the zip's own directory says. */
export function compressedSizes(zip: Uint8Array): Map<string, number> {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  // The record that ends a zip without a comment has 22 bytes; the directory's place stands at 16, its number of files at 10.
  const end = zip.byteLength - 22;
  let at = view.getUint32(end + 16, true);
  const sizes = new Map<string, number>();
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    const [name, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true)) as [
      number,
      number,
      number,
    ];
    const text = new TextDecoder().decode(zip.subarray(at + 46, at + 46 + name));
    sizes.set(text, view.getUint32(at + 20, true));
    at += 46 + name + extra + comment;
  }
  return sizes;
}
