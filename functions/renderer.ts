import { slackRenderer } from '../shared/wire/slack/renderer.ts';
import { runtime } from './runtime.ts';

/** What people are shown: with buttons where Slack may call us, with commands to send where it may not. */
export async function renderer(): Promise<ReturnType<typeof slackRenderer>> {
  const { serviceUrl, slack } = await runtime.settings();
  return slackRenderer(serviceUrl, slack.interactivity !== null);
}
