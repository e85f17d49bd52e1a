/** How the command is typed; plain text. */
export const usage = (command: string): string =>
  [
    `${command} status [app[@environment]] — what is live, what moves, what waits`,
    `${command} history [app[@environment]] — the latest deployments`,
    `${command} who-is-live [app[@environment]] — which version, whose, since when`,
    `${command} approve [app[@environment] [version]] — let what waits go live`,
    `${command} reject [app[@environment] [reason…]] — do not`,
    `${command} rollback [app[@environment] [reason…]] — back to the version before`,
    `${command} hold [app[@environment] [reason…]] — nothing starts until it is released`,
    `${command} release [app[@environment]]`,
    'Without an app, the one that reports to this channel is meant.',
  ].join('\n');
