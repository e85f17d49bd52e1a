import { readFileSync } from 'node:fs';
import { parseApps } from '../../shared/wire/policy/apps-file.ts';

/** What can be said to the person who runs the command; everything else is a fault of the program. */
export class CannotPackage extends Error {
  override name = 'CannotPackage';
}

/** The owner's file, checked as the service will read it. Throws CannotPackage with every fault in it. */
export function readOwnersFile(path: string): Uint8Array {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown fault';
    throw new CannotPackage(`${path} cannot be read (${code}); give the path of apps.yaml after --apps`, { cause });
  }
  const read = parseApps(bytes.toString('utf8'));
  if (!read.ok) throw new CannotPackage(`${path} is not usable, mend it and run this again: ${read.why}`);
  return bytes;
}
