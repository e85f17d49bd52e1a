import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readStartOptions } from './arguments.ts';
import { root } from './root.ts';
import { type Stack, startStack } from './stack.ts';

/** `npm start`: the local Azure and the service on it, until Ctrl-C. */
async function main(): Promise<void> {
  const defaults = { dataDir: join(root, '.data'), appsFile: join(root, 'infra/local/demo/apps.yaml') };
  const options = readStartOptions(process.argv.slice(2), defaults);
  const starting = startStack({
    portBase: options.portBase,
    dataDir: resolve(options.dataDir),
    appsFile: resolve(options.appsFile),
  });
  endOnSignal(starting);
  const stack = await starting;
  writeFileSync(join(resolve(options.dataDir), 'addresses.json'), `${JSON.stringify(stack.addresses, null, 2)}\n`, {
    mode: 0o600,
  });
  print(stack, options.json);
  const broken = await stack.broken;
  if (ending) return;
  console.error(broken);
  await stack.close();
  process.exit(1);
}

let ending = false;

/** Ctrl-C reaches the parts as well, which end by themselves: what could not be started for that reason is no fault. */
function endOnSignal(starting: Promise<Stack>): void {
  const end = (): void => {
    if (ending) return;
    ending = true;
    void starting
      .then(
        (stack) => stack.close(),
        () => undefined,
      )
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}

function print({ addresses }: Stack, json: boolean): void {
  const { service, serviceBus, storage, arm, slack, sites } = addresses;
  if (json) {
    process.stdout.write(`${JSON.stringify({ service, serviceBus, storage, arm, slack, sites })}\n`);
    return;
  }
  const rows: [string, string][] = [
    ['service', `${service}/api/v1/lanes   (Authorization: Bearer ${addresses.token})`],
    ['slack', slack],
    ...Object.entries(sites).flatMap(([lane, { production, staging }]): [string, string][] => [
      [lane, production],
      ['  its slot', staging],
    ]),
    ['arm', arm],
    ['service bus', serviceBus],
    ['storage', storage],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`);
  console.log('\nShip a build of the sample app:  npm run ship -- 1.0.0\nCtrl-C ends everything.');
}

main().catch((error: unknown) => {
  if (ending) return;
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
