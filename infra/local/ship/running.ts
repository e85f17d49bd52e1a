import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackAddresses } from '../stack.ts';

/** Where the stack that runs on this data folder answers. Throws one clear sentence when none does. */
export async function findRunning(dataDir: string): Promise<StackAddresses> {
  const file = join(dataDir, 'addresses.json');
  if (!existsSync(file)) throw new Error(`nothing runs on ${dataDir}; start it with: npm start`);
  const addresses = readAddresses(file);
  const answers = await fetch(`${addresses.service}/healthz`, { signal: AbortSignal.timeout(5_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (!answers) throw new Error(`the service does not answer at ${addresses.service}; start it with: npm start`);
  return addresses;
}

function readAddresses(file: string): StackAddresses {
  try {
    const read = JSON.parse(readFileSync(file, 'utf8')) as Partial<StackAddresses> | null;
    const { service, serviceBus, storage, sites } = read ?? {};
    if (service && serviceBus && storage && sites) return read as StackAddresses;
  } catch {
    // Told below: whatever is wrong with it, it is written anew by the next start.
  }
  throw new Error(`${file} cannot be read; end what runs, and start it again with: npm start`);
}
