import { readFile } from 'node:fs/promises';
import { type Apps, LastingFailure, Unreadable } from '../../ports.ts';
import { parseApps } from '../../wire/policy/apps-file.ts';

/** Reads the owner's file. Throws LastingFailure naming the file and every fault in it. */
export async function readApps(file: string): Promise<Apps> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new LastingFailure(`the apps file ${file} cannot be read`, { cause: error });
  }
  const read = parseApps(text);
  if (!read.ok) throw new LastingFailure(`the apps file ${file} is not usable: ${read.why}`);
  const apps = read.value;
  return {
    policy(lane) {
      const policy = apps.policy(lane);
      if (policy === null) throw new Unreadable(`the apps file names no ${lane}`);
      return policy;
    },
    lanes: () => apps.lanes(),
    defaultEnvironment: (app) => apps.defaultEnvironment(app),
  };
}
