/** For connection strings: they hold their own key, and nothing may ask for an identity. */
export function noCredential(): never {
  throw new Error('a connection string needs no credential');
}
