import * as v from 'valibot';
import { parseDocument } from 'yaml';
import type { Policy } from '../../lane/policy.ts';
import { type LaneId, laneId } from '../../lane/words.ts';
import { type Decoded, decoded, faultsOf, listFaults, refused } from '../decode.ts';
import { readJson } from '../json.ts';
import { mergeShapes } from './merge.ts';
import { resolvePolicy } from './resolve.ts';
import { appsShape, type LaneShape } from './shape.ts';

/** The owner's file, read. */
export interface AppsFile {
  /** Null for a lane the file does not name. */
  policy(lane: LaneId): Policy | null;
  /** In the order of the file. */
  lanes(): LaneId[];
  /** The app's first environment; null for an app the file does not name. */
  defaultEnvironment(app: string): string | null;
}

const MOST_LANES = 200;
const MOST_CHARACTERS = 500_000;
/** Each deployment carries the policy it started with, in the row of its lane, which is read and written at every step. */
const MOST_OF_A_POLICY = 6_500;

/** Reads the text of apps.yaml; `why` names every fault with its path, or with line and column where the text is no YAML. */
export function parseApps(yamlText: string): Decoded<AppsFile> {
  const raw = readYaml(yamlText);
  if (!raw.ok) return raw;
  const read = v.safeParse(appsShape, raw.value);
  if (!read.success) return refused(listFaults(faultsOf(read.issues)));

  const faults: string[] = [];
  const policies = new Map<LaneId, Policy>();
  const defaults = new Map<string, string>();
  for (const [appName, { environments, ...app }] of Object.entries(read.output.apps)) {
    for (const [environment, own] of Object.entries(environments)) {
      if (!defaults.has(appName)) defaults.set(appName, environment);
      const resolved = resolvePolicy(mergeShapes(app, own as LaneShape));
      const at = `apps.${appName}.environments.${environment}`;
      if ('faults' in resolved) faults.push(...resolved.faults.map((fault) => `${at}.${fault}`));
      else {
        policies.set(laneId(appName, environment), resolved.policy);
        faults.push(...tooLong(resolved.policy).map((fault) => `${at}: ${fault}`));
      }
    }
  }
  faults.push(...sharedSites(policies));
  if (policies.size > MOST_LANES) faults.push(`apps: ${policies.size} lanes; at most ${MOST_LANES} are served`);
  if (faults.length > 0) return refused(listFaults(faults));
  return decoded({
    policy: (lane) => policies.get(lane) ?? null,
    lanes: () => [...policies.keys()],
    defaultEnvironment: (app) => defaults.get(app) ?? null,
  });
}

function readYaml(text: string): Decoded<unknown> {
  if (text.length > MOST_CHARACTERS) return refused(`the file is longer than ${MOST_CHARACTERS} characters`);
  if (text.trim() === '') return refused('the file is empty: it needs the key apps');
  // What some editors call Unicode: read as UTF-8 every other character is none.
  if (text.includes('\0')) return refused('the file is no text in UTF-8: save it again as UTF-8');
  const document = parseDocument(text);
  const [first] = [...document.errors, ...document.warnings];
  // The message goes on with lines quoted from the file.
  if (first !== undefined) return refused(`not readable as YAML: ${first.message.split('\n')[0]?.replace(/:$/, '')}`);
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    // A file that is one text is not to be taken for JSON; the schema says what is wrong with it.
    const guarded = readJson(typeof value === 'string' ? [] : value);
    if (!guarded.ok) return guarded;
    return namesTheLanguageTakes(value);
  } catch (cause) {
    return refused(`not readable as YAML: ${cause instanceof Error ? cause.message : 'unknown fault'}`);
  }
}

/** The schema library passes over these keys in silence; an app so named would be missing without a word. */
function namesTheLanguageTakes(value: unknown): Decoded<unknown> {
  const taken = new Set(['constructor', 'prototype', '__proto__']);
  const names = (node: unknown, depth: number): string[] =>
    depth === 0 || typeof node !== 'object' || node === null
      ? []
      : Object.entries(node).flatMap(([key, inner]) => (taken.has(key) ? [key] : names(inner, depth - 1)));
  const [name] = names(value, 4);
  return name === undefined ? decoded(value) : refused(`apps: ${name} cannot be used as a name`);
}

function tooLong(policy: Policy): string[] {
  const { length } = JSON.stringify(policy);
  if (length <= MOST_OF_A_POLICY) return [];
  return [
    `all its keys together take ${length} characters as they are stored, app and defaults included; at most ${MOST_OF_A_POLICY}: name fewer checks and people, or groups of people`,
  ];
}

/** Two lanes of one site would both change its production, each taking the other for a stranger. */
function sharedSites(policies: ReadonlyMap<LaneId, Policy>): string[] {
  const seen = new Map<string, LaneId>();
  return [...policies].flatMap(([lane, { site }]) => {
    const key = JSON.stringify([site.subscriptionId, site.resourceGroup, site.name]).toLowerCase();
    const other = seen.get(key);
    if (other !== undefined) return [`${lane}: has the same site as ${other}; a site belongs to one lane`];
    seen.set(key, lane);
    return [];
  });
}
