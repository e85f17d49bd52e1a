import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { encode } from '../../shared/adapters/tables/codec.ts';
import type { Planted } from '../simulation/life.ts';
import { lane } from '../simulation/world.ts';
import { formsNow } from './forms.ts';
import { written } from './history.ts';
import { lived, lives } from './lives.ts';
import { recorder } from './recorder.ts';

/** `npm run golden`: lives the lives anew and says which files of this version's set would differ; with --write a new set is written. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const folder = join('test/fixtures/golden', version);
  if (values.write && existsSync(folder)) {
    console.error(
      `${folder} is there, and stays as it is: raise the version in package.json first, or, while ${version} is not released, remove the folder`,
    );
    return 2;
  }
  const files = new Map<string, string>();
  for (const life of Object.keys(lives))
    files.set(`${life.replaceAll(/\W+/g, '-')}.json.gz`, await record(version, life));
  files.set('forms.json.gz', `${encode(await formsNow())}\n`);
  if (values.write) mkdirSync(folder, { recursive: true });
  let differing = 0;
  for (const [name, text] of files) {
    const file = join(folder, name);
    if (values.write) writeFileSync(file, gzipSync(text, { level: 9 }));
    else if (!existsSync(file) || gunzipSync(readFileSync(file)).toString() !== text) {
      differing += 1;
      console.log(`${file} would differ`);
    }
  }
  const bytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  console.log(
    `${files.size} files, ${Math.round(bytes / 1_000)} KB, ${values.write ? 'written' : `${differing} would differ`}`,
  );
  return differing === 0 ? 0 : 1;
}

async function record(version: string, life: string): Promise<string> {
  let last = recorder();
  const planted = (): Planted => {
    last = recorder();
    return last.planted;
  };
  await lived(life, planted);
  return written({ version, life, lane, ...last.recorded() });
}

process.exitCode = await main();
