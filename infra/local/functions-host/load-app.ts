import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Imports the built app's entry point, the file that `main` of its `package.json` names (ESM or CommonJS). A process can
 * load one app folder once only, as a worker does: modules stay loaded, and the library locks its setup for good.
 * @throws a sentence that says which file is missing or what the app threw while it was loaded
 */
export async function loadApp(appDir: string): Promise<void> {
  const packageFile = join(resolve(appDir), 'package.json');
  let text: string;
  try {
    text = await readFile(packageFile, 'utf8');
  } catch (cause) {
    throw new Error(`no Functions app in ${appDir}: ${packageFile} cannot be read`, { cause });
  }
  const { main } = JSON.parse(text) as { main?: unknown };
  if (typeof main !== 'string' || main === '')
    throw new Error(`${packageFile} has no "main" that names the entry point`);
  const entry = pathToFileURL(join(resolve(appDir), main)).href;
  try {
    await import(/* @vite-ignore */ entry);
  } catch (cause) {
    const told = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    throw new Error(`the app in ${appDir} could not be loaded (0 functions found): ${told}`, { cause });
  }
}
