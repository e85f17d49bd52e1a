/** The environments of the app `storefront`, each a lane on a site of its own, as apps.yaml has them (JSON is YAML). */
export function storefront(environments: Record<string, object>): string {
  const named = Object.entries(environments).map(([name, own]) => [name, { site: siteOf(name), ...own }]);
  return JSON.stringify({ apps: { storefront: { ...common, environments: Object.fromEntries(named) } } });
}

export const siteName = (environment: string): string => `storefront-${environment}`;

const siteOf = (environment: string): object => ({
  subscription: '00000000-0000-0000-0000-0000000000aa',
  resourceGroup: 'shop',
  name: siteName(environment),
  slot: 'staging',
});

const common = {
  mode: 'swap',
  slack: { channel: '#deployments' },
  versionFrom: { path: '/version.json', pointer: '/version' },
  warmUp: { path: '/health', statuses: [200], timesInARow: 2, every: '150ms', deadline: '30s' },
  checks: [
    { name: 'front page', path: '/', status: 200, contains: 'Storefront' },
    { name: 'health', path: '/health', status: 200 },
  ],
  watch: { for: '1500ms', every: '300ms' },
  errorLimits: { newGroupReports: 5, ratio: 3, perMinute: 60 },
  rollback: { mode: 'automatic', holdAfter: false },
  arrivals: 'supersede',
};
