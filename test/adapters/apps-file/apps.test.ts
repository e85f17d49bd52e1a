import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readApps } from '../../../shared/adapters/apps-file/apps.ts';
import { laneId } from '../../../shared/lane/words.ts';
import { LastingFailure, Unreadable } from '../../../shared/ports.ts';
import { appsYaml } from '../apps-yaml.ts';

const dir = mkdtempSync(join(tmpdir(), 'warmswap-apps-'));
afterAll(() => rmSync(dir, { recursive: true }));

function file(text: string): string {
  const path = join(dir, 'apps.yaml');
  writeFileSync(path, text);
  return path;
}

test("lanes and policies are the file's", async () => {
  const apps = await readApps(file(appsYaml));
  expect(apps.lanes()).toEqual(['storefront@production']);
  expect(apps.policy(laneId('storefront', 'production')).site.name).toBe('storefront');
  expect(apps.defaultEnvironment('storefront')).toBe('production');
  expect(apps.defaultEnvironment('other')).toBeNull();
  expect(() => apps.policy(laneId('other', 'production'))).toThrow(Unreadable);
});

test('a file that is missing or wrong is named with what is wrong', async () => {
  await expect(readApps(join(dir, 'none.yaml'))).rejects.toThrow(/none\.yaml cannot be read/);
  const failure = readApps(file('apps: [1]'));
  await expect(failure).rejects.toBeInstanceOf(LastingFailure);
  await expect(failure).rejects.toThrow(/apps\.yaml is not usable: apps/);
});
