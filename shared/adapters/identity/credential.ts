import { ManagedIdentityCredential, type TokenCredential } from '@azure/identity';

/**
 * The identity of the app itself: the user-assigned one where a client id is given, else the system-assigned one. No chain of
 * credentials: on Azure there is one way, and a chain would hide why it failed.
 */
export const managedIdentity = (clientId: string | undefined): TokenCredential =>
  clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
