/** App settings, as the platform gives them to the host: a flat map of texts. Names are compared without case. */
export interface AppSettings {
  get(name: string): string | undefined;
}

export function appSettings(values: Record<string, string | undefined>): AppSettings {
  const byName = new Map(Object.entries(values).map(([name, value]) => [name.toLowerCase(), value]));
  return { get: (name) => byName.get(name.toLowerCase()) };
}

/**
 * Replaces each `%NAME%` in a binding's text by the app setting of that name.
 * @returns the text, or the names that no setting has
 */
export function resolveText(text: string, settings: AppSettings): { text: string; missing: string[] } {
  const missing: string[] = [];
  const resolved = text.replace(/%([^%]+)%/g, (whole, name: string) => {
    const value = settings.get(name);
    if (value === undefined) missing.push(name);
    return value ?? whole;
  });
  return { text: resolved, missing };
}

export type Connection = { connectionString: string } | { fullyQualifiedNamespace: string; clientId?: string };

/**
 * Finds the Service Bus connection that a trigger names: the setting `<name>` or `AzureWebJobs<name>` with a connection
 * string, or `<name>__fullyQualifiedNamespace` for an identity. Without a name it is `AzureWebJobsServiceBus`.
 */
export function connectionOf(name: string | undefined, settings: AppSettings): Connection | undefined {
  const wanted = name || 'AzureWebJobsServiceBus';
  for (const key of [wanted, `AzureWebJobs${wanted}`]) {
    const connectionString = settings.get(key);
    if (connectionString) return { connectionString };
    const fullyQualifiedNamespace = settings.get(`${key}__fullyQualifiedNamespace`);
    const clientId = settings.get(`${key}__clientId`);
    if (fullyQualifiedNamespace) return { fullyQualifiedNamespace, ...(clientId ? { clientId } : {}) };
  }
  return undefined;
}
