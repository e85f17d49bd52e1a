import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { root } from '../root.ts';

/** What is wrong with a build of the sample app: it throws on some requests, or it breaks under production's own settings. */
export type Flaw = 'none' | 'throws' | 'production-setting';

export interface SampleBuild {
  version: string;
  zip: Uint8Array;
  sha256: string;
}

const colours = ['#0f766e', '#1d4ed8', '#7c3aed', '#b45309', '#be123c'];

/** A real zip of the sample app. The same version and flaw give the same bytes. */
export function makeBuild(version: string, flaw: Flaw = 'none'): SampleBuild {
  const source = join(root, 'infra/local/demo/sample-app');
  const text = (value: object): Uint8Array => Buffer.from(`${JSON.stringify(value)}\n`);
  const colour = colours[createHash('sha256').update(version).digest().readUInt8(0) % colours.length];
  const files = {
    'server.js': readFileSync(join(source, 'server.js')),
    'package.json': readFileSync(join(source, 'package.json')),
    'version.json': text({ version, colour }),
    'flaw.json': text({ flaw }),
  };
  const zip = zipSync(files, { mtime: new Date('2026-01-01T00:00:00Z') });
  return { version, zip, sha256: createHash('sha256').update(zip).digest('hex') };
}

/** The same package with one byte changed on its way: as long as before, and another digest. */
export function tampered(zip: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(zip);
  const middle = Math.floor(changed.length / 2);
  changed[middle] = (changed[middle] ?? 0) ^ 1;
  return changed;
}
