import type { DeploymentRecord, Lane, Live } from '../../shared/lane/lane.ts';
import { type Build, type BuildRef, refOf } from '../../shared/lane/words.ts';
import type { ErrorGroup } from '../../shared/ports.ts';

/** Facts for views and messages, as they occur. */

export const at = (time: string): Date => new Date(`2026-03-02T${time}Z`);
export const LANE = 'storefront@production' as Lane['id'];

export const build: Build = {
  id: '81b13caf3fa232ab' as Build['id'],
  source: 'https://dev.azure.com/contoso/shop/_build',
  version: '1.1.0' as Build['version'],
  commit: {
    sha: '9f2c1d7a40b6e3558c0a77d4e19b2f60a3c5d8e1',
    ref: 'refs/heads/main',
    repository: 'https://github.com/contoso/shop',
  },
  commits: [
    {
      sha: '9f2c1d7a40b6e3558c0a77d4e19b2f60a3c5d8e1',
      message: "Show the basket's total with tax",
      author: { name: 'Grace Hopper', email: 'grace@example.com' },
    },
    { sha: '1b00cc52dfe4c9b0a5d5a3f7a58e4f0d6f2b9a77', message: 'Retry prices once', author: { name: 'Ada Lovelace' } },
  ],
  artifact: { url: 'https://example.com/x.zip?sig=secret', sha256: 'a'.repeat(64) as Build['artifact']['sha256'] },
  number: 4021,
  definition: 'storefront-ci',
  url: 'https://dev.azure.com/contoso/shop/_build/results?buildId=4021',
  finishedAt: at('09:14:30'),
  arrivedAt: at('09:14:33'),
  requestedBy: { name: 'Grace Hopper' },
  schemaChange: 'none',
};

export const ref: BuildRef = refOf(build);

export const former: Live = {
  build: { ...ref, id: '0000000000000aaa' as Build['id'], version: '1.0.0' as Build['version'], number: 4001 },
  version: '1.0.0' as Build['version'],
  identity: { kudu: 'k1', version: '1.0.0' },
  deployment: '0mkaaaaaa-11111111' as DeploymentRecord['id'],
  liveAt: at('08:00:00'),
  asks: null,
};

export const live: Live = {
  build: ref,
  version: '1.1.0' as Build['version'],
  identity: { kudu: 'k2', version: '1.1.0' },
  deployment: '0mkabcdef-12345678' as DeploymentRecord['id'],
  liveAt: at('09:18:40'),
  asks: null,
};

export const record: DeploymentRecord = {
  id: '0mkabcdef-12345678' as DeploymentRecord['id'],
  lane: LANE,
  kind: 'deploy',
  build: ref,
  from: '1.0.0' as Build['version'],
  stage: 'watching',
  stages: [
    { stage: 'queued', at: at('09:14:33') },
    { stage: 'staging', at: at('09:14:35') },
    { stage: 'warming', at: at('09:15:40') },
    { stage: 'verifying', at: at('09:16:10') },
    { stage: 'swapping', at: at('09:16:15') },
    { stage: 'watching', at: at('09:18:40') },
  ],
  createdAt: at('09:14:33'),
  outcome: null,
  why: '',
  requestedBy: 'Grace Hopper',
  liveAt: at('09:18:40'),
  checks: [{ name: 'front page', ok: true, status: 200, latencyMs: 41, why: '' }],
  evidence: null,
  brokeGlass: false,
  approvedBy: null,
  slackChannel: '#deployments',
};

export const lane: Lane = {
  id: LANE,
  live,
  previous: former,
  kept: [],
  staged: null,
  active: null,
  queue: [],
  hold: null,
  wakeAt: at('09:20:00'),
  patrolAt: null,
  step: 4,
  journalSeq: 20,
  effectSeq: 9,
  intentSeq: 2,
  suspicion: null,
};

export const group: ErrorGroup = {
  lane: LANE,
  fingerprint: 'f1a2b3c4d5e6f708' as ErrorGroup['fingerprint'],
  title: "TypeError: Cannot read properties of undefined (reading 'total')",
  firstAt: at('09:20:05'),
  lastAt: at('09:21:55'),
  firstVersion: '1.1.0' as Build['version'],
  lastVersion: '1.1.0' as Build['version'],
  countByVersion: { '1.1.0': 42 },
  total: 42,
  late: 0,
  resolvedIn: null,
  resolvedAt: null,
  ignored: false,
  regressedIn: null,
  announced: {},
  sample: {
    title: "TypeError: Cannot read properties of undefined (reading 'total')",
    type: 'TypeError',
    message: "Cannot read properties of undefined (reading 'total')",
    frames: [
      { function: 'sum', module: 'basket/sum', file: '/home/site/wwwroot/dist/basket/sum.js', line: 12, inApp: true },
      {
        function: 'handle',
        file: '/home/site/wwwroot/node_modules/express/lib/router/layer.js',
        line: 95,
        inApp: false,
      },
    ],
    request: { method: 'POST', url: 'https://shop.example.com/checkout?step=2' },
    host: 'rd0003ff',
    occurredAt: at('09:20:05'),
  },
  countedThrough: null,
};
