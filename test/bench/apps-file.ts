import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const laneOf = (app: number): string => `bench${app}@production`;

/** Writes an owner's file of so many apps, each with a site of its own; its path. */
export function appsFile(dir: string, apps: number): string {
  const file = join(dir, `apps-${apps}.yaml`);
  const each = Array.from(
    { length: apps },
    (_, app) => `  bench${app}:
    environments:
      production:
        mode: swap
        site: { subscription: 00000000-0000-0000-0000-0000000000aa, resourceGroup: bench, name: bench${app}, slot: staging }
        versionFrom: { path: /version.json, pointer: /version }
        warmUp: { path: /health, statuses: [200], timesInARow: 1, every: 300ms, deadline: 20s }
`,
  );
  writeFileSync(file, `apps:\n${each.join('')}`);
  return file;
}
