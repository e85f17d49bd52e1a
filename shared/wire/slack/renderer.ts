import { type DeploymentToShow, renderDeployment } from './render-deployment.ts';
import { renderError } from './render-error.ts';
import { renderDeadLetter, renderLane } from './render-notice.ts';

/** Everything we say to people, as Slack shows it. `service`: where our API answers, without a slash at the end; null: readers fill it in. */
export const slackRenderer = (service: string | null) => ({
  deployment: (facts: DeploymentToShow) => renderDeployment(facts, service),
  error: renderError,
  lane: renderLane,
  deadLetter: renderDeadLetter,
});
