import { route } from './route.ts';
import { slackRoute } from './slack-route.ts';

/** Everything that is answered under /api/v1: its name, method, path, the right it takes, and where its answer is. */
const builds = () => import('./builds.ts');
route('post-build', 'POST', 'builds', 'deploy', async () => (await builds()).postBuild);

const commands = () => import('./commands.ts');
route('post-command', 'POST', 'commands', 'command', async () => (await commands()).postCommand);

const inputs = () => import('./inputs.ts');
route('get-input', 'GET', 'inputs/{id}', 'read', async () => (await inputs()).getInput);

const errors = () => import('./errors.ts');
route('post-errors', 'POST', 'errors', 'report', async () => (await errors()).postErrors);

const markers = () => import('./markers.ts');
route('post-marker', 'POST', 'markers', 'report', async () => (await markers()).postMarker);
route('list-markers', 'GET', 'markers', 'read', async () => (await markers()).listMarkers);
route('get-marker', 'GET', 'markers/{lane}/{id}', 'read', async () => (await markers()).getMarker);

const lanes = () => import('./lanes.ts');
route('list-lanes', 'GET', 'lanes', 'read', async () => (await lanes()).listLanes);
route('get-lane', 'GET', 'lanes/{lane}', 'read', async () => (await lanes()).getLane);
route('list-deployments', 'GET', 'deployments', 'read', async () => (await lanes()).listDeployments);
route('get-deployment', 'GET', 'deployments/{lane}/{id}', 'read', async () => (await lanes()).getDeployment);
route('get-journal', 'GET', 'deployments/{lane}/{id}/journal', 'read', async () => (await lanes()).getJournal);

const groups = () => import('./error-groups.ts');
const group = 'error-groups/{lane}/{fingerprint}';
route('list-error-groups', 'GET', 'error-groups', 'read', async () => (await groups()).listErrorGroups);
route('change-error-group', 'POST', group, 'command', async () => (await groups()).changeErrorGroup);

const letters = () => import('./dead-letters.ts');
const letter = 'dead-letters/{source}/{id}';
route('list-dead-letters', 'GET', 'dead-letters', 'read', async () => (await letters()).listDeadLetters);
route('get-dead-letter', 'GET', letter, 'read', async () => (await letters()).getDeadLetter);
route('replay-dead-letter', 'POST', `${letter}/replay`, 'command', async () => (await letters()).postReplay);

/** What Slack posts to, signed by it. */
slackRoute('slack-interactions', 'interactions', async () => (await import('./slack-interaction.ts')).slackInteraction);
slackRoute('slack-commands', 'commands', async () => (await import('./slack-command.ts')).slackCommand);
