import { strToU8, zipSync } from 'fflate';

export interface SampleApp {
  version: string;
  /** The process ends instead of listening. */
  crashesAtStart?: boolean;
  /** Answers 500 to `/` where its setting MODE has this value. */
  brokenUnderMode?: string;
}

/**
 * A small web app as a zip. `/` tells version, slot, the settings MODE and FLAG and the process; `/slow?ms=` answers late;
 * `/crash` ends the process; POST `/echo` sends its body back.
 */
export function sampleZip({ version, crashesAtStart = false, brokenUnderMode = '' }: SampleApp): Uint8Array {
  const server = `
    const { createServer } = require('node:http');
    if (${crashesAtStart}) process.exit(3);
    const { PORT, MODE, FLAG, WEBSITE_SLOT_NAME } = process.env;
    createServer((request, response) => {
      const url = new URL(request.url, 'http://any');
      const about = { version: ${JSON.stringify(version)}, slot: WEBSITE_SLOT_NAME, mode: MODE ?? null, flag: FLAG ?? null, pid: process.pid };
      const send = (status) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(about));
      if (url.pathname === '/crash') process.exit(1);
      if (url.pathname === '/echo') return request.pipe(response);
      if (url.pathname === '/slow') return setTimeout(() => send(200), Number(url.searchParams.get('ms')));
      send(MODE !== undefined && MODE === ${JSON.stringify(brokenUnderMode)} ? 500 : 200);
    }).listen(PORT);
  `;
  const packageJson = { name: 'sample', version, scripts: { start: 'node server.js' } };
  return zipSync({ 'server.js': strToU8(server), 'package.json': strToU8(JSON.stringify(packageJson)) });
}
