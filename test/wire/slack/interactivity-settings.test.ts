import { describe, expect, test } from 'vitest';
import { BadSettings, readSettings } from '../../../shared/settings.ts';

const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const other = '11111111111111111111111111111111';
const plain = {
  ServiceBus: 'Endpoint=sb://127.0.0.1:5672;SharedAccessKeyName=app;SharedAccessKey=key;UseDevelopmentEmulator=true',
  Storage: 'AccountName=devstoreaccount1;AccountKey=key;TableEndpoint=http://127.0.0.1:10002/devstoreaccount1',
  WARMSWAP_APPS_FILE: 'apps.yaml',
  WARMSWAP_SLACK_TOKEN: 'xoxb-1',
};
const whole = {
  ...plain,
  WARMSWAP_SLACK_SIGNING_SECRET: SECRET,
  WARMSWAP_SLACK_TEAM_ID: 'T0SHOP',
  WARMSWAP_SLACK_APP_ID: 'A0WARMSWAP',
};

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readSettings(env);
  } catch (error) {
    if (!(error instanceof BadSettings)) throw error;
    expect(error.message).not.toContain(SECRET);
    return error.faults;
  }
  throw new Error('it was read');
}

const { WARMSWAP_SLACK_TOKEN: _, ...withoutToken } = whole;
const { WARMSWAP_SLACK_SIGNING_SECRET: ___, ...withoutSecret } = whole;

describe('people decide in Slack', () => {
  test('where all three are given', () => {
    const interactivity = { signingSecrets: [SECRET], teamId: 'T0SHOP', appId: 'A0WARMSWAP' };
    expect(readSettings(whole).slack).toEqual({ token: 'xoxb-1', interactivity });
  });

  test('by two secrets while one replaces the other', () => {
    const { slack } = readSettings({ ...whole, WARMSWAP_SLACK_SIGNING_SECRET: ` ${SECRET} , ${other} ` });
    expect(slack.interactivity?.signingSecrets).toEqual([SECRET, other]);
  });

  test('where another app tells people, and this one takes what Slack sends', () => {
    const interactivity = { signingSecrets: [SECRET], teamId: 'T0SHOP', appId: 'A0WARMSWAP' };
    expect(readSettings(withoutToken).slack).toEqual({ token: null, interactivity });
  });

  test('where this app shows the buttons, and another one takes what Slack sends', () => {
    const interactivity = { signingSecrets: [], teamId: 'T0SHOP', appId: 'A0WARMSWAP' };
    expect(readSettings(withoutSecret).slack).toEqual({ token: 'xoxb-1', interactivity });
  });

  test('not where none is given', () => {
    expect(readSettings(plain).slack).toEqual({ token: 'xoxb-1', interactivity: null });
  });
});

const { WARMSWAP_SLACK_TEAM_ID: __, ...withoutTeam } = whole;

test.each<[string, Record<string, string>, string[]]>([
  ['no team', withoutTeam, ['WARMSWAP_SLACK_TEAM_ID: is missing beside WARMSWAP_SLACK_SIGNING_SECRET']],
  [
    'a secret alone',
    { ...plain, WARMSWAP_SLACK_SIGNING_SECRET: SECRET },
    [
      'WARMSWAP_SLACK_TEAM_ID: is missing beside WARMSWAP_SLACK_SIGNING_SECRET',
      'WARMSWAP_SLACK_APP_ID: is missing beside WARMSWAP_SLACK_SIGNING_SECRET',
    ],
  ],
  [
    'three secrets',
    { ...whole, WARMSWAP_SLACK_SIGNING_SECRET: `${SECRET},${other},${other}` },
    ['WARMSWAP_SLACK_SIGNING_SECRET: must be one'],
  ],
  [
    'a comma too many',
    { ...whole, WARMSWAP_SLACK_SIGNING_SECRET: `${SECRET},` },
    ['WARMSWAP_SLACK_SIGNING_SECRET: must be one'],
  ],
  [
    'a short secret',
    { ...whole, WARMSWAP_SLACK_SIGNING_SECRET: 'secret' },
    ['WARMSWAP_SLACK_SIGNING_SECRET: must be one'],
  ],
  ['a name for an id', { ...whole, WARMSWAP_SLACK_TEAM_ID: 'our team' }, ['WARMSWAP_SLACK_TEAM_ID: must be the id']],
  [
    'an unresolved secret',
    { ...whole, WARMSWAP_SLACK_SIGNING_SECRET: '@Microsoft.KeyVault(SecretUri=https://v/s)' },
    ['WARMSWAP_SLACK_SIGNING_SECRET: is a Key Vault reference'],
  ],
])('%s is named', (_name, env, whys) => {
  const faults = faultsOf(env);
  expect(faults).toEqual(whys.map((why) => expect.stringContaining(why)));
});
