import type { SchemaName } from './schemas.ts';

/** What the code of a route does not say of itself. */
export interface Operation {
  summary: string;
  description?: string;
  query?: QueryName[];
  body?: SchemaName;
  answers: Record<number, Answer>;
  /** Beside 401 and 403, which the door answers, and 500 and 503, which every route can. */
  refusals?: number[];
}

export interface Answer {
  description: string;
  /** `list`: an object with these under one key. `one`: this. `text`: no JSON, but this media type. */
  list?: { key: string; of: SchemaName[] };
  one?: SchemaName[];
  text?: string;
  location?: boolean;
}

export type QueryName = 'lane' | 'most' | 'at' | 'source' | 'app';

const body = [400, 408, 413, 415];

const accepted: Answer = {
  description: 'It is in the queue of its lane.',
  one: ['Accepted'],
  location: true,
};

export const operations: Record<string, Operation> = {
  healthz: {
    summary: 'Whether the service can work',
    answers: {
      200: { description: 'It can.', text: 'text/plain' },
      503: { description: 'It cannot; its log says why.', text: 'text/plain' },
    },
  },
  getOpenapi: {
    summary: 'This description',
    answers: { 200: { description: 'OpenAPI 3.1.', text: 'application/json' } },
  },
  getReleaseProcess: {
    summary: 'How each app is released, as a page made of the policies in force',
    query: ['app'],
    answers: { 200: { description: 'A page without scripts.', text: 'text/html' } },
    refusals: [422],
  },
  postBuild: {
    summary: 'Tell of a finished build',
    description:
      'The same as a message to the queue `builds`. The same event again, by source and id, is the same input.',
    body: 'BuildEvent',
    answers: { 202: accepted, 200: { description: 'The build failed or was cancelled.', one: ['Ignored'] } },
    refusals: [...body, 422],
  },
  postCommand: {
    summary: "A person's word about a lane",
    description: 'Each command names what its sender saw; if that is no longer so, it is ignored with the reason.',
    body: 'Command',
    answers: { 202: accepted },
    refusals: [...body, 422],
  },
  getInput: {
    summary: 'What became of a build or command',
    description: 'An id that never came is pending as well.',
    answers: { 200: { description: 'As it stands.', one: ['Input'] } },
    refusals: [404],
  },
  postErrors: {
    summary: 'Report errors',
    description:
      'They are counted before this is answered, so the sender may send the same event again, whatever it was told.',
    body: 'ErrorEvents',
    answers: { 202: { description: 'Counted.', one: ['Counted'] } },
    refusals: body,
  },
  postMarker: {
    summary: 'Tell what somebody else deployed or changed',
    body: 'MarkerToPost',
    answers: { 201: { description: 'Kept. The same marker again is the same row.', one: ['Marker'], location: true } },
    refusals: [...body, 422],
  },
  listMarkers: {
    summary: 'Who ran when',
    description: 'With `at`, the one marker in force at that instant instead of a list.',
    query: ['lane', 'most', 'at'],
    answers: { 200: { description: 'Newest first.', list: { key: 'markers', of: ['Marker'] }, one: ['Marker'] } },
    refusals: [400, 404, 422],
  },
  getMarker: {
    summary: 'One marker',
    answers: { 200: { description: 'As it is kept.', one: ['Marker'] } },
    refusals: [404],
  },
  listLanes: {
    summary: 'How every lane stands',
    answers: {
      200: { description: 'All that were ever touched.', list: { key: 'lanes', of: ['Lane', 'UnreadableLane'] } },
    },
  },
  getLane: {
    summary: 'How a lane stands',
    answers: { 200: { description: 'What is live, what moves, what waits, and whether it is held.', one: ['Lane'] } },
    refusals: [404],
  },
  listDeployments: {
    summary: 'The deployments of a lane',
    query: ['lane', 'most'],
    answers: { 200: { description: 'Newest first.', list: { key: 'deployments', of: ['Deployment'] } } },
    refusals: [422],
  },
  getDeployment: {
    summary: 'One deployment',
    answers: { 200: { description: 'As it stands now.', one: ['Deployment'] } },
    refusals: [404],
  },
  getJournal: {
    summary: 'What was decided about a deployment',
    query: ['most'],
    answers: { 200: { description: 'In order.', list: { key: 'journal', of: ['JournalEntry'] } } },
    refusals: [404, 422],
  },
  listErrorGroups: {
    summary: 'The error groups of a lane',
    query: ['lane'],
    answers: { 200: { description: 'With counts by version.', list: { key: 'errorGroups', of: ['ErrorGroup'] } } },
    refusals: [422],
  },
  changeErrorGroup: {
    summary: 'Resolve, ignore or reopen an error group',
    body: 'GroupChange',
    answers: { 200: { description: 'As it stands now.', one: ['ErrorGroup'] } },
    refusals: [...body, 404, 409, 422],
  },
  listDeadLetters: {
    summary: 'What could not be read',
    query: ['source', 'most'],
    answers: { 200: { description: 'Newest first.', list: { key: 'deadLetters', of: ['DeadLetter'] } } },
    refusals: [422],
  },
  getDeadLetter: {
    summary: 'One dead letter, with what was received',
    answers: { 200: { description: 'As it is kept.', one: ['WholeDeadLetter'] } },
    refusals: [404],
  },
  replayDeadLetter: {
    summary: 'Send a dead letter again to where it came from',
    answers: { 202: { description: 'Sent.', one: ['Replayed'] } },
    refusals: [404, 409],
  },
  slackInteractions: {
    summary: 'A click in Slack',
    description: 'For Slack alone: a form, signed over its exact bytes.',
    answers: { 200: { description: 'Taken. What became of it is told in Slack.', text: 'text/plain' } },
    refusals: [400, 408, 415],
  },
  slackCommands: {
    summary: '`/warmswap …`',
    description: 'For Slack alone: a form, signed over its exact bytes.',
    answers: { 200: { description: 'What the asker is shown.', text: 'application/json' } },
    refusals: [400, 408, 415],
  },
};
