import { parseArgs } from 'node:util';

/** Options of `npm start`. */
export interface StartOptions {
  json: boolean;
  portBase: number;
  dataDir: string;
  appsFile: string;
}

/** Reads the command line; throws one clear sentence. */
export function readStartOptions(args: string[], defaults: { dataDir: string; appsFile: string }): StartOptions {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'boolean', default: false },
      'port-base': { type: 'string', default: '7100' },
      data: { type: 'string', default: defaults.dataDir },
      app: { type: 'string', default: defaults.appsFile },
    },
  });
  const portBase = Number(values['port-base']);
  if (!Number.isInteger(portBase) || portBase < 0 || portBase > 65_000 || (portBase > 0 && portBase < 1024)) {
    throw new Error(`--port-base must be 0 (free ports) or a number from 1024 to 65000, not ${values['port-base']}`);
  }
  return { json: values.json, portBase, dataDir: values.data, appsFile: values.app };
}
