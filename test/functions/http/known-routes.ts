import type { Asker } from '../service.ts';

export interface KnownRoute {
  name: string;
  method: 'GET' | 'POST';
  /** With values that are well-formed and name nothing that exists, but for the lane. */
  path: string;
  right: Exclude<Asker, 'all' | 'other' | 'nobody'>;
  /** Bytes of the largest body it reads; absent: it reads none. */
  mostBytes?: number;
}

const lane = 'shop@production';
const deployment = '0mz00000a-abcdef12';

/** Every route there is: a test compares it with what the built app registers. */
export const knownRoutes: KnownRoute[] = [
  { name: 'post-build', method: 'POST', path: 'builds', right: 'deploy', mostBytes: 200_000 },
  { name: 'post-command', method: 'POST', path: 'commands', right: 'command', mostBytes: 16_000 },
  { name: 'list-dead-letters', method: 'GET', path: 'dead-letters', right: 'read' },
  { name: 'get-dead-letter', method: 'GET', path: 'dead-letters/builds/none', right: 'read' },
  { name: 'replay-dead-letter', method: 'POST', path: 'dead-letters/builds/none/replay', right: 'command' },
  { name: 'list-error-groups', method: 'GET', path: `error-groups?lane=${lane}`, right: 'read' },
  {
    name: 'change-error-group',
    method: 'POST',
    path: `error-groups/${lane}/0123456789abcdef`,
    right: 'command',
    mostBytes: 4_000,
  },
  { name: 'post-errors', method: 'POST', path: 'errors', right: 'report', mostBytes: 1_000_000 },
  { name: 'get-input', method: 'GET', path: `inputs/${lane}~0123456789`, right: 'read' },
  { name: 'list-lanes', method: 'GET', path: 'lanes', right: 'read' },
  { name: 'get-lane', method: 'GET', path: `lanes/${lane}`, right: 'read' },
  { name: 'list-deployments', method: 'GET', path: `deployments?lane=${lane}`, right: 'read' },
  { name: 'get-deployment', method: 'GET', path: `deployments/${lane}/${deployment}`, right: 'read' },
  { name: 'get-journal', method: 'GET', path: `deployments/${lane}/${deployment}/journal`, right: 'read' },
  { name: 'post-marker', method: 'POST', path: 'markers', right: 'report', mostBytes: 32_000 },
  { name: 'list-markers', method: 'GET', path: `markers?lane=${lane}`, right: 'read' },
  { name: 'get-marker', method: 'GET', path: `markers/${lane}/none`, right: 'read' },
];
