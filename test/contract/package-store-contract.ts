import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sha256 } from '../../shared/lane/words.ts';
import { type PackageStore, Unavailable } from '../../shared/ports.ts';
import { type ArtefactSource, artefactSource, sha256Of } from './artefact-source.ts';

const limits = { maxBytes: 20_000_000, deadlineMs: 10_000 };

/** What every package store does. `readBack`: the bytes behind an address that `readUrl` made. */
export function packageStoreContract(
  name: string,
  make: () => Promise<PackageStore>,
  readBack: (url: string) => Promise<Buffer>,
): void {
  describe(`${name}: package store`, () => {
    let store: PackageStore;
    let source: ArtefactSource;
    beforeAll(async () => {
      [store, source] = await Promise.all([make(), artefactSource()]);
    });
    afterAll(() => source.close());

    const served = (path: string, bytes: Buffer): string => {
      source.serve(path, (response) => void response.end(bytes));
      return `${source.url}${path}`;
    };

    test('an artefact whose digest matches is there, byte for byte, and is not copied again', async () => {
      const bytes = randomBytes(9_500_000);
      const sha256 = sha256Of(bytes);
      const url = served('/good.zip', bytes);
      expect(await store.has(sha256)).toBe(false);
      expect(await store.copy(url, sha256, limits)).toEqual({ copied: true, size: bytes.length });
      expect(await store.has(sha256)).toBe(true);
      const address = await store.readUrl(sha256, new Date(Date.now() + 60_000));
      expect((await readBack(address)).equals(bytes)).toBe(true);
      const asked = source.asked.length;
      expect(await store.copy(url, sha256, limits)).toEqual({ copied: true, size: bytes.length });
      expect(source.asked).toHaveLength(asked);
    });

    test('one whose bytes do not match is never visible, and the reason names both digests', async () => {
      const announced = 'b'.repeat(64) as Sha256;
      const bytes = randomBytes(5_000);
      const copied = await store.copy(served('/forged.zip', bytes), announced, limits);
      expect(copied).toEqual({ copied: false, because: expect.stringContaining(sha256Of(bytes)) });
      expect(await store.has(announced)).toBe(false);
    });

    test('two copies at once, one of them of other bytes, leave the right bytes', async () => {
      const bytes = randomBytes(6_000_000);
      const sha256 = sha256Of(bytes);
      const good = served('/at-once.zip', bytes);
      const bad = served('/other-bytes.zip', randomBytes(6_000_000));
      const results = await Promise.all([good, bad, good].map((url) => store.copy(url, sha256, limits)));
      expect(results[0]).toEqual({ copied: true, size: bytes.length });
      expect(results[2]).toEqual({ copied: true, size: bytes.length });
      const address = await store.readUrl(sha256, new Date(Date.now() + 60_000));
      expect((await readBack(address)).equals(bytes)).toBe(true);
    });

    test.each([
      { what: 'not there', path: '/missing', because: /answers 404/ },
      { what: 'larger than allowed', path: '/large', because: /larger than 1000 bytes/ },
      { what: 'larger than allowed without saying so', path: '/chunked', because: /larger than 1000 bytes/ },
      { what: 'encoded', path: '/encoded', because: /gives the artefact encoded as gzip/ },
      { what: 'redirected for ever', path: '/loop', because: /redirects more than 3 times/ },
      { what: 'redirected to a file', path: '/to-file', because: /cannot be asked by file; use https/ },
    ])('what is $what is refused with the reason', async ({ path, because }) => {
      source.serve('/large', (response) => void response.end(Buffer.alloc(2_000)));
      source.serve('/chunked', (response) => {
        response.write(Buffer.alloc(800));
        response.end(Buffer.alloc(800));
      });
      source.serve('/loop', (response) => void response.writeHead(302, { location: '/loop' }).end());
      source.serve('/encoded', (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end());
      source.serve('/to-file', (response) => void response.writeHead(302, { location: 'file:///etc/hostname' }).end());
      const copied = await store.copy(`${source.url}${path}?sig=secret`, 'c'.repeat(64) as Sha256, {
        ...limits,
        maxBytes: 1_000,
      });
      expect(copied).toEqual({ copied: false, because: expect.stringMatching(because) });
      expect(JSON.stringify(copied)).not.toContain('secret');
    });

    test('a redirect or two are followed', async () => {
      const bytes = randomBytes(100);
      served('/final', bytes);
      source.serve('/moved', (response) => void response.writeHead(302, { location: '/final' }).end());
      const copied = await store.copy(`${source.url}/moved`, sha256Of(bytes), limits);
      expect(copied).toEqual({ copied: true, size: 100 });
    });

    test('what is no address, or no http, is refused', async () => {
      for (const url of ['no url', 'file:///etc/hostname', 'ftp://127.0.0.1/x'])
        expect(await store.copy(url, 'd'.repeat(64) as Sha256, limits)).toMatchObject({ copied: false });
    });

    test('a source that is down, slow, or breaks off is unavailable', async () => {
      const wanted = 'e'.repeat(64) as Sha256;
      source.serve('/down', (response) => void response.writeHead(503, { 'retry-after': '7' }).end());
      source.serve('/hang', () => undefined);
      source.serve('/stalls', (response) => void response.writeHead(200).write(Buffer.alloc(10)));
      source.serve('/broken', (response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write(Buffer.alloc(10));
        setTimeout(() => response.destroy(), 20);
      });
      const down = await store.copy(`${source.url}/down`, wanted, limits).catch((error: unknown) => error);
      expect(down).toBeInstanceOf(Unavailable);
      expect((down as Unavailable).retryAt).toBeInstanceOf(Date);
      for (const path of ['/hang', '/stalls']) {
        const slow = store.copy(`${source.url}${path}`, wanted, { ...limits, deadlineMs: 1_000 });
        await expect(slow).rejects.toBeInstanceOf(Unavailable);
      }
      await expect(store.copy(`${source.url}/broken`, wanted, limits)).rejects.toBeInstanceOf(Unavailable);
      await expect(store.copy('http://127.0.0.1:9/x', wanted, limits)).rejects.toBeInstanceOf(Unavailable);
      expect(await store.has(wanted)).toBe(false);
    });
  });
}
