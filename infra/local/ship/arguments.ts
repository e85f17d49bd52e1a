import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isVersion, VERSION_FAULT } from '../../../shared/wire/words.ts';
import type { Flaw } from '../demo/sample-build.ts';

export interface ShipOptions {
  version: string;
  flaw: Flaw;
  /** The data folder of the stack that runs. */
  dataDir: string;
}

const FLAWS: readonly Flaw[] = ['none', 'throws', 'production-setting'];
const USAGE = 'usage: npm run ship -- <version> [--flaw throws|production-setting] [--data DIR]';

/** Reads the command line; throws one clear sentence. */
export function readShipOptions(args: string[], defaults: { dataDir: string }): ShipOptions {
  const { values, positionals } = read(args, defaults);
  const [version, more] = positionals;
  if (version === undefined) throw new Error(`no version is named; ${USAGE}`);
  if (more !== undefined) throw new Error(`one version at a time, not also ${more}; ${USAGE}`);
  if (!isVersion(version)) throw new Error(`the version ${VERSION_FAULT}`);
  const flaw = FLAWS.find((known) => known === values.flaw);
  if (flaw === undefined) throw new Error(`--flaw must be one of ${FLAWS.join(', ')}, not ${values.flaw}`);
  return { version, flaw, dataDir: resolve(values.data) };
}

function read(args: string[], defaults: { dataDir: string }) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { flaw: { type: 'string', default: 'none' }, data: { type: 'string', default: defaults.dataDir } },
    });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}; ${USAGE}`);
  }
}
