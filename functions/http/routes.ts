import type { Right } from '../../shared/wire/access.ts';
import type { Handler } from './answer.ts';
import { Scheme } from './scheme.ts';
import { type Method, serve } from './serve.ts';
import type { SlackCaller } from './slack-door.ts';

serve('healthz', 'GET', 'healthz', Scheme.open('healthz'), async () => (await import('./healthz.ts')).getHealth);

/** Everything that is answered under /api/v1: its name, method, path, the right it takes, and where its answer is. */
const route = (name: string, method: Method, path: string, right: Right, handler: () => Promise<Handler>): void =>
  serve(name, method, `api/v1/${path}`, Scheme.bearer(right), handler);

const builds = () => import('./builds.ts');
route('postBuild', 'POST', 'builds', 'deploy', async () => (await builds()).postBuild);

const commands = () => import('./commands.ts');
route('postCommand', 'POST', 'commands', 'command', async () => (await commands()).postCommand);

const inputs = () => import('./inputs.ts');
route('getInput', 'GET', 'inputs/{id}', 'read', async () => (await inputs()).getInput);

const errors = () => import('./errors.ts');
route('postErrors', 'POST', 'errors', 'report', async () => (await errors()).postErrors);

const markers = () => import('./markers.ts');
route('postMarker', 'POST', 'markers', 'report', async () => (await markers()).postMarker);
route('listMarkers', 'GET', 'markers', 'read', async () => (await markers()).listMarkers);
route('getMarker', 'GET', 'markers/{lane}/{id}', 'read', async () => (await markers()).getMarker);

const lanes = () => import('./lanes.ts');
route('listLanes', 'GET', 'lanes', 'read', async () => (await lanes()).listLanes);
route('getLane', 'GET', 'lanes/{lane}', 'read', async () => (await lanes()).getLane);
route('listDeployments', 'GET', 'deployments', 'read', async () => (await lanes()).listDeployments);
route('getDeployment', 'GET', 'deployments/{lane}/{id}', 'read', async () => (await lanes()).getDeployment);
route('getJournal', 'GET', 'deployments/{lane}/{id}/journal', 'read', async () => (await lanes()).getJournal);

const groups = () => import('./error-groups.ts');
const group = 'error-groups/{lane}/{fingerprint}';
route('listErrorGroups', 'GET', 'error-groups', 'read', async () => (await groups()).listErrorGroups);
route('changeErrorGroup', 'POST', group, 'command', async () => (await groups()).changeErrorGroup);

const letters = () => import('./dead-letters.ts');
const letter = 'dead-letters/{source}/{id}';
route('listDeadLetters', 'GET', 'dead-letters', 'read', async () => (await letters()).listDeadLetters);
route('getDeadLetter', 'GET', letter, 'read', async () => (await letters()).getDeadLetter);
route('replayDeadLetter', 'POST', `${letter}/replay`, 'command', async () => (await letters()).postReplay);

route('getOpenapi', 'GET', 'openapi.json', 'read', async () => (await import('./openapi.ts')).getOpenapi);
const process = () => import('./release-process.ts');
route('getReleaseProcess', 'GET', 'release-process', 'read', async () => (await process()).getReleaseProcess);

/** What Slack posts to, signed by it. */
const fromSlack = (name: string, path: string, handler: () => Promise<Handler<SlackCaller>>): void =>
  serve(name, 'POST', `slack/${path}`, Scheme.slack(), handler);

fromSlack('slackInteractions', 'interactions', async () => (await import('./slack-interaction.ts')).slackInteraction);
fromSlack('slackCommands', 'commands', async () => (await import('./slack-command.ts')).slackCommand);
