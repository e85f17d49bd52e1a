import tls from 'node:tls';

/**
 * Makes this test process trust a certificate beside the public ones. A service is told by NODE_EXTRA_CA_CERTS, which Node
 * reads at its start only: too early for a certificate that a test makes.
 */
export function trust(pem: string): void {
  const original = tls.createSecureContext;
  tls.createSecureContext = (options) => {
    const made = original(options);
    (made.context as { addCACert(pem: string): void }).addCACert(pem);
    return made;
  };
}
