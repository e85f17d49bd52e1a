import type { BicepFile } from './bicep.ts';
import { madeOf } from './declared.ts';
import { instancesOf, isObject } from './evaluate.ts';

/** What each rule on the logs asks. */
const queriesOf = (files: readonly BicepFile[]): string[] =>
  files
    .filter(({ name }) => name === 'alerts.bicep')
    .flatMap(({ text }) => [...text.matchAll(/query: '''(.*?)'''/gs)].map(([, query = '']) => query));

/** Rules ask for metrics that are written, and there is a rule for each name the documents know. */
export function alertFaults(
  files: readonly BicepFile[],
  metrics: Readonly<Record<string, { dimensions: readonly string[] }>>,
  outcomes: readonly string[],
): string[] {
  const rules = ['Microsoft.Insights/scheduledQueryRules', 'Microsoft.Insights/metricAlerts'].flatMap((type) =>
    madeOf(files, type).flatMap(({ file, made }) => instancesOf(file, made).filter(isObject)),
  );
  const queries = queriesOf(files);
  const askedIn = (query: string, field: string): string[] =>
    [...query.matchAll(new RegExp(`line\\.${field}\\) == '([^']*)'`, 'g'))].map(([, literal = '']) => literal);
  const asked = queries.flatMap((query) => askedIn(query, 'metric'));
  return [
    ...asked
      .filter((metric) => !Object.hasOwn(metrics, metric))
      .map((metric) => `an alert asks for ${metric}, which is no metric`),
    ...queries.flatMap((query) => {
      const known = askedIn(query, 'metric').flatMap((metric) => metrics[metric]?.dimensions ?? []);
      return [...query.matchAll(/\bline\.(\w+)/g)]
        .map(([, field = '']) => field)
        .filter((field) => !['what', 'metric', 'value', ...known].includes(field))
        .map((field) => `an alert asks for ${field}, which its metric does not say`);
    }),
    ...queries
      .flatMap((query) => askedIn(query, 'outcome'))
      .filter((outcome) => !outcomes.includes(outcome))
      .map((outcome) => `an alert asks for ${outcome}, which is no outcome`),
    ...queries
      .flatMap((query) => askedIn(query, 'what'))
      .filter((what) => what !== 'metric')
      .map((what) => `an alert asks for lines of ${what}`),
    ...(asked.length === 0 ? ['no alert asks for a metric'] : []),
    ...alertNames
      .filter((name) => !rules.some((rule) => rule.name === name))
      .map((name) => `there is no alert ${name}`),
  ];
}

const alertNames = [
  'warmswap-dead-letters',
  'warmswap-dead-letters-kept',
  'warmswap-stuck-lanes',
  'warmswap-needs-human',
  'warmswap-failed-functions',
];

/** What host.json calls the lines of a table. */
const sampledAs: Readonly<Record<string, string>> = { AppTraces: 'Trace', AppRequests: 'Request' };

/** No rule asks a table that keeps a sample only. `excluded`: the `excludedTypes` of the sampling in host.json. */
export function samplingFaults(files: readonly BicepFile[], excluded: string): string[] {
  const tables = queriesOf(files).map((query) => /^\s*(\w+)/.exec(query)?.[1] ?? '');
  return [...new Set(tables)]
    .filter((table) => !excluded.split(';').includes(sampledAs[table] ?? 'a table that is known'))
    .map((table) => `an alert asks ${table}, of which a sample is kept`);
}
