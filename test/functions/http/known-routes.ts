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
  { name: 'postBuild', method: 'POST', path: 'builds', right: 'deploy', mostBytes: 200_000 },
  { name: 'postCommand', method: 'POST', path: 'commands', right: 'command', mostBytes: 16_000 },
  { name: 'listDeadLetters', method: 'GET', path: 'dead-letters', right: 'read' },
  { name: 'getDeadLetter', method: 'GET', path: 'dead-letters/builds/none', right: 'read' },
  { name: 'replayDeadLetter', method: 'POST', path: 'dead-letters/builds/none/replay', right: 'command' },
  { name: 'listErrorGroups', method: 'GET', path: `error-groups?lane=${lane}`, right: 'read' },
  {
    name: 'changeErrorGroup',
    method: 'POST',
    path: `error-groups/${lane}/0123456789abcdef`,
    right: 'command',
    mostBytes: 4_000,
  },
  { name: 'postErrors', method: 'POST', path: 'errors', right: 'report', mostBytes: 1_000_000 },
  { name: 'getInput', method: 'GET', path: `inputs/${lane}~0123456789`, right: 'read' },
  { name: 'listLanes', method: 'GET', path: 'lanes', right: 'read' },
  { name: 'getLane', method: 'GET', path: `lanes/${lane}`, right: 'read' },
  { name: 'listDeployments', method: 'GET', path: `deployments?lane=${lane}`, right: 'read' },
  { name: 'getDeployment', method: 'GET', path: `deployments/${lane}/${deployment}`, right: 'read' },
  { name: 'getJournal', method: 'GET', path: `deployments/${lane}/${deployment}/journal`, right: 'read' },
  { name: 'postMarker', method: 'POST', path: 'markers', right: 'report', mostBytes: 32_000 },
  { name: 'listMarkers', method: 'GET', path: `markers?lane=${lane}`, right: 'read' },
  { name: 'getMarker', method: 'GET', path: `markers/${lane}/none`, right: 'read' },
  { name: 'getOpenapi', method: 'GET', path: 'openapi.json', right: 'read' },
  { name: 'getReleaseProcess', method: 'GET', path: 'release-process', right: 'read' },
];
