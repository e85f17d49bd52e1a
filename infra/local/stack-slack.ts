import type { SlackConfig } from './slack/slack.ts';
import type { LocalSecrets } from './stack-secrets.ts';

const ids = { teamId: 'T0LOCAL', appId: 'A0WARMSWAP' };

/** People of the local Slack. Grace wrote what the samples ship; Ada and Linus are in the group that releases. */
const people = [
  { id: 'U0ADA', name: 'ada', realName: 'Ada Lovelace', email: 'ada@example.com' },
  { id: 'U0GRACE', name: 'grace', realName: 'Grace Hopper', email: 'grace@example.com' },
  { id: 'U0LINUS', name: 'linus', realName: 'Linus Pauling', email: 'linus@example.com' },
];

/** The workspace with the service's app in it, as infra/slack-manifest.yaml installs it. `service`: where it answers. */
export function installedSlackApp(
  { slackSigningSecret }: LocalSecrets,
  service: string,
): Omit<SlackConfig, 'port' | 'token'> {
  return {
    ...ids,
    botName: 'Warmswap',
    signingSecret: slackSigningSecret,
    interactionsUrl: `${service}/slack/interactions`,
    commandsUrl: `${service}/slack/commands`,
    commands: ['/warmswap'],
    shortcuts: [
      { callbackId: 'roll-back', name: 'Roll back' },
      { callbackId: 'hold', name: 'Hold the lane' },
    ],
    scopes: ['chat:write', 'users:read', 'users:read.email', 'usergroups:read', 'commands'],
    users: people,
    usergroups: [{ id: 'S0RELEASE', handle: 'release-team', name: 'Release team', users: ['U0ADA', 'U0LINUS'] }],
  };
}

/** What the service is told of its Slack. */
export function slackSettings({ slackToken, slackSigningSecret }: LocalSecrets, api: string): Record<string, string> {
  return {
    WARMSWAP_SLACK_TOKEN: slackToken,
    WARMSWAP_SLACK_API_URL: api,
    WARMSWAP_SLACK_SIGNING_SECRET: slackSigningSecret,
    WARMSWAP_SLACK_TEAM_ID: ids.teamId,
    WARMSWAP_SLACK_APP_ID: ids.appId,
  };
}
