import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { listen } from '../../../infra/local/app-service/listener.ts';
import { ensureCertificate } from '../../../infra/local/certificate.ts';

const dir = mkdtempSync(join(tmpdir(), 'certificate-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('it is made once and kept, and made anew when its two files do not belong together', async () => {
  const { certFile, keyFile } = await ensureCertificate(dir);
  const first = readFileSync(certFile, 'utf8');
  expect(await ensureCertificate(dir)).toEqual({ certFile, keyFile });
  expect(readFileSync(certFile, 'utf8')).toBe(first);
  const other = await ensureCertificate(join(dir, 'other'));
  writeFileSync(keyFile, readFileSync(other.keyFile));
  await ensureCertificate(dir);
  expect(readFileSync(certFile, 'utf8')).not.toBe(first);
});

test('a child that is told of it by NODE_EXTRA_CA_CERTS trusts the listener by address and by name; one that is not does not', async () => {
  const { certFile, keyFile } = await ensureCertificate(dir);
  const certificate = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  const listener = await listen(0, certificate, (_request, response) => response.end('hello'));
  const ask = (url: string, env: Record<string, string>) =>
    promisify(execFile)(process.execPath, ['-e', `fetch('${url}').then(async (a) => console.log(await a.text()))`], {
      env,
    });
  try {
    for (const host of ['127.0.0.1', 'localhost']) {
      const { stdout } = await ask(`https://${host}:${listener.port}/`, { NODE_EXTRA_CA_CERTS: certFile });
      expect(stdout.trim()).toBe('hello');
    }
    expect((await ask(`http://127.0.0.1:${listener.port}/`, {})).stdout.trim()).toBe('hello');
    await expect(ask(`https://127.0.0.1:${listener.port}/`, {})).rejects.toThrow(
      /SELF_SIGNED|self-signed|fetch failed/,
    );
  } finally {
    await listener.close();
  }
});
