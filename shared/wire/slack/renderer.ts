import type { Lane } from '../../lane/lane.ts';
import { renderAnswer } from './render-answer.ts';
import { type DeploymentToShow, renderDeployment } from './render-deployment.ts';
import { renderDigest } from './render-digest.ts';
import { renderError } from './render-error.ts';
import { renderDeadLetter, renderLane } from './render-notice.ts';

/**
 * Everything we say to people, as Slack shows it. `service`: where our API answers, without a slash at the end; null: readers fill
 * it in. `interactive`: people can decide in Slack, so messages carry buttons instead of commands to send.
 */
export const slackRenderer = (service: string | null, interactive = false) => ({
  deployment: (facts: DeploymentToShow) => renderDeployment(facts, { service, interactive }),
  error: renderError,
  lane: (lane: Lane) => renderLane(lane, interactive),
  deadLetter: renderDeadLetter,
  answer: renderAnswer,
  digest: renderDigest,
});
