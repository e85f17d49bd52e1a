import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../infra/local/root.ts';
import { apps } from './apps.ts';
import { type BicepFile, loadGrammar } from './bicep.ts';
import { folder, parsed, textsOf } from './the-files.ts';

let files: BicepFile[];
beforeAll(async () => {
  await loadGrammar();
  files = parsed(textsOf());
});

interface Hook {
  posix: { shell: string; run: string };
  windows: { shell: string; run: string };
}

describe('azd', () => {
  const azd = parse(readFileSync(join(root, 'azure.yaml'), 'utf8')) as {
    infra: { path: string; module: string };
    services: Record<string, { project: string; host: string }>;
    hooks: Record<string, Hook>;
  };

  test('deploys the folder that npm run package makes to both apps', () => {
    expect(join(root, azd.infra.path)).toBe(folder);
    expect(existsSync(join(folder, `${azd.infra.module}.bicep`))).toBe(true);
    expect(Object.keys(azd.services).sort()).toEqual([...apps].sort());
    for (const service of Object.values(azd.services))
      expect(service).toMatchObject({ host: 'function', project: 'dist/package' });
  });

  test.each(['prepackage', 'predeploy'])(
    'packages as its %s hook: azd up runs the one, azd deploy the other',
    (name) => {
      const run = 'npm ci && npm run package -- --apps apps.yaml';
      expect(azd.hooks[name]).toEqual({ posix: { shell: 'sh', run }, windows: { shell: 'pwsh', run } });
    },
  );

  test('is kept from deleting the groups of the sites: its predown hook says why and fails', () => {
    const { posix, windows } = azd.hooks.predown ?? {};
    const ended = spawnSync('sh', ['-c', posix?.run ?? ''], { encoding: 'utf8' });
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain('docs/operations.md');
    expect(windows?.run).toContain('docs/operations.md');
    expect(windows?.run).toMatch(/^exit 1$/m);
    expect(JSON.stringify(azd.hooks)).not.toContain('continueOnError');
  });

  test('is asked for each parameter, and no other, and no secret has a value in the file', () => {
    const { parameters } = JSON.parse(readFileSync(join(folder, 'main.parameters.json'), 'utf8')) as {
      parameters: Record<string, { value: string }>;
    };
    const main = files.find(({ name }) => name === 'main.bicep');
    const names = main?.parameters.map(({ name }) => name).filter((name) => name !== 'resourceGroupName');
    expect(Object.keys(parameters).sort()).toEqual(names?.sort());
    for (const { value } of Object.values(parameters)) expect(value).toMatch(/^\$\{[A-Z_]+(=\w*)?\}$/);
    const secrets = main?.parameters.filter(({ decorators }) => decorators.includes('secure')) ?? [];
    expect(secrets.length).toBe(3);
    for (const { name } of secrets) expect(parameters[name]?.value).toMatch(/=\}$/);
  });
});
