import type { Metafile } from 'esbuild';
import { folderOf } from './bundled.ts';
import { nameOf } from './lock.ts';

/** What one dependency takes of the package, in bytes. */
export interface Share {
  of: string;
  zipped: number;
  raw: number;
}

export const OWN = 'own code';
/** What stands around the code: esbuild's own lines in every file, and the zip's directory. */
export const AROUND = 'bundle and zip around it';
const TEXTS = 'texts beside it';

/**
 * Who takes how much: largest first, and together exactly what the files and the zip have. A file holds code of many; its compressed
 * bytes are shared out as its raw bytes are.
 */
export function shares(
  files: Readonly<Record<string, Uint8Array>>,
  { outputs }: Metafile,
  zip: { bytes: number; compressed: ReadonlyMap<string, number> },
): Share[] {
  const raw = new Map<string, number>();
  const zipped = new Map<string, number>();
  const add = (to: Map<string, number>, name: string, bytes: number) => to.set(name, (to.get(name) ?? 0) + bytes);
  const chunks = new Map(Object.entries(outputs).map(([path, output]) => [path.replace(/^dist\/app\//, ''), output]));
  for (const [file, { length }] of Object.entries(files)) {
    const compressed = zip.compressed.get(file) ?? 0;
    const chunk = chunks.get(file);
    const parts = new Map<string, number>();
    for (const [input, { bytesInOutput }] of Object.entries(chunk?.inputs ?? {})) {
      const folder = folderOf(input);
      add(parts, folder === null ? OWN : nameOf(folder), bytesInOutput);
    }
    const inputs = [...parts.values()].reduce((sum, bytes) => sum + bytes, 0);
    add(parts, chunk === undefined ? TEXTS : AROUND, length - inputs);
    for (const [name, bytes] of parts) {
      add(raw, name, bytes);
      add(zipped, name, length === 0 ? 0 : (compressed * bytes) / length);
    }
  }
  const inFiles = [...zip.compressed.values()].reduce((sum, bytes) => sum + bytes, 0);
  add(zipped, AROUND, zip.bytes - inFiles);
  add(raw, AROUND, 0);
  const whole = wholeBytes(zipped, zip.bytes);
  return [...raw]
    .map(([of, bytes]) => ({ of, zipped: whole.get(of) ?? 0, raw: bytes }))
    .sort((a, b) => b.zipped - a.zipped || (a.of < b.of ? -1 : 1));
}

/** Whole numbers with the same sum: what rounding down leaves goes to the largest remainders. */
function wholeBytes(parts: ReadonlyMap<string, number>, sum: number): Map<string, number> {
  const floors = new Map([...parts].map(([name, bytes]) => [name, Math.floor(bytes)]));
  const left = sum - [...floors.values()].reduce((all, bytes) => all + bytes, 0);
  const remainder = (name: string): number => (parts.get(name) ?? 0) % 1;
  const byRemainder = [...floors.keys()].sort((a, b) => remainder(b) - remainder(a) || (a < b ? -1 : 1));
  for (const name of byRemainder.slice(0, left)) floors.set(name, (floors.get(name) ?? 0) + 1);
  return floors;
}

/** The shares as a table for people, with their sum. */
export function tableOf(all: Share[]): string {
  const sum = (one: 'zipped' | 'raw'): number => all.reduce((bytes, share) => bytes + share[one], 0);
  const together = { of: 'together', zipped: sum('zipped'), raw: sum('raw') };
  const rows = [
    ['', 'zipped', '', 'raw'],
    ...[...all, together].map(({ of, zipped, raw }) => [
      of,
      String(zipped),
      `${((100 * zipped) / together.zipped).toFixed(1)} %`,
      String(raw),
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(([name = '', ...numbers]) =>
      [name.padEnd(widths[0] ?? 0), ...numbers.map((text, at) => text.padStart(widths[at + 1] ?? 0))].join('  '),
    )
    .join('\n');
}
