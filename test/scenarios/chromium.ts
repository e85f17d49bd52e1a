import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/**
 * The browser that Debian packages. Throws where it is not installed: what people see is not proved by a test that was left out.
 * It resolves no name and reaches this machine alone, whatever it would like to look up by itself.
 */
export async function openBrowser(executablePath = '/usr/bin/chromium'): Promise<Browser> {
  if (!existsSync(executablePath))
    throw new Error(`there is no browser at ${executablePath}; install it with: apt-get install chromium`);
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
  });
}
