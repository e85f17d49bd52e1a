/** What build tools put between a file's name and its extension that says nothing about the file. */
const BUILD_WORDS = /[.-](?:min|prod|production|esm|umd|cjs|bundle)(?=\.)/g;
/** `app-1.2.3.js`, `app.v2.10.0-rc.1.js` */
const VERSION_IN_NAME = /[-._@]v?\d+(?:\.\d+){1,3}(?:-(?:alpha|beta|rc|pre|next)[\w.]*)?(?=\.[a-z])/gi;
/** The number webpack gives a chunk: `412.3f2a9c1b.chunk.js`. */
const CHUNK_NUMBER = /^\d+(?=[.-])/;

/**
 * Whether a piece of a file name is a content hash or a build number: hex of 6 and more with a digit in it; 16 and more of hex;
 * digits only, 6 and more; or 8 to 10 and 16 and more of base64url with an upper-case letter inside or a digit (esbuild, Vite,
 * Rollup, webpack). A word taken for a hash makes a group coarser; a hash taken for a word makes every error new after a deployment.
 */
function isHash(piece: string): boolean {
  if (/^(?=.*\d)[0-9a-f]{6,64}$/i.test(piece) || /^[0-9a-f]{16,64}$/i.test(piece)) return true;
  if (/^\d{6,}$/.test(piece)) return true;
  return /^(?:[\w-]{8,10}|[\w-]{16,64})$/.test(piece) && /\d|.[A-Z]/.test(piece) && !/^[a-z]+[A-Z][a-z]+$/.test(piece);
}

function withoutHash(stem: string): string {
  const dotted = stem.split('.').filter((piece, at, all) => !(isHash(piece) && (at > 0 || all.length > 1)));
  const joined = dotted.join('.');
  // Of `index-DiwrgTda` and `a-b_-3f2a9c1b`: base64url hashes may themselves hold - and _, so the fixed lengths come first.
  for (const length of [8, 10, 16, 20, 32, 40, 64]) {
    const cut = joined.length - length - 1;
    if (cut > 0 && /[-_]/.test(joined.charAt(cut)) && isHash(joined.slice(cut + 1))) return joined.slice(0, cut);
  }
  const last = Math.max(joined.lastIndexOf('-'), joined.lastIndexOf('_'));
  if (last > 0 && /^(?=.*\d)[0-9a-f]{6,64}$|^\d{6,}$/i.test(joined.slice(last + 1))) return joined.slice(0, last);
  return isHash(joined) && !/^[A-Za-z][a-z]+(?:[A-Z][a-z]+)*\d?$/.test(joined) ? '<hash>' : joined;
}

/**
 * A file as a fingerprint may hold it: its base name in lower case, without origin, folders (absolute roots, releases), query,
 * content hash, version or build number. `https://cdn.example/v12/main.3f2a9c1b.js?x` → `main.js`.
 */
export function normaliseFile(file: string): string {
  const path = file
    .slice(0, 1_000)
    .replace(/[?#].*$/, '')
    .replace(/\\/g, '/')
    .replace(/\/+$/, '');
  // What is left of `https://site.example/` is a page's own inline script: its host must not count.
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/]*$/i.test(path)) return '<page>';
  const base = path.slice(path.lastIndexOf('/') + 1).replace(/^\((.*)\)$/, '$1');
  const name = base.replace(VERSION_IN_NAME, '').replace(BUILD_WORDS, '');
  const dot = name.lastIndexOf('.');
  if (dot <= 0) return withoutHash(name).toLowerCase();
  const stem = withoutHash(name.slice(0, dot)).replace(CHUNK_NUMBER, '<chunk>');
  const chunk = /^\d+$/.test(stem) ? '<chunk>' : stem;
  return (chunk + name.slice(dot)).toLowerCase();
}
