import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the local certificate lies: two PEM files. */
export interface Certificate {
  certFile: string;
  keyFile: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The certificate every https listener of the local Azure shows, made in `dir` the first time it is asked for and kept:
 * self-signed for 127.0.0.1 and localhost, and its own authority, so that a client trusts it by naming `certFile` in
 * NODE_EXTRA_CA_CERTS. One that expires within a month, or whose two files do not belong together, is made anew.
 */
export async function ensureCertificate(dir: string): Promise<Certificate> {
  mkdirSync(dir, { recursive: true });
  const certificate = { certFile: join(dir, 'certificate.pem'), keyFile: join(dir, 'certificate-key.pem') };
  if (isUsable(certificate)) return certificate;
  // Loaded only when needed: a part that finds its certificate starts without it.
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: 'local Azure on 127.0.0.1' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - DAY_MS),
    notAfterDate: new Date(Date.now() + 800 * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  replaceFile(certificate.keyFile, made.private);
  replaceFile(certificate.certFile, made.cert);
  return certificate;
}

function isUsable({ certFile, keyFile }: Certificate): boolean {
  if (!existsSync(certFile) || !existsSync(keyFile)) return false;
  try {
    const certificate = new X509Certificate(readFileSync(certFile));
    const untilMs = Date.parse(certificate.validTo) - Date.now();
    return untilMs > 30 * DAY_MS && certificate.checkPrivateKey(createPrivateKey(readFileSync(keyFile)));
  } catch {
    // Unreadable files are as good as none: both are written again.
    return false;
  }
}

function replaceFile(file: string, text: string): void {
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
