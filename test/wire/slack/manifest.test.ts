import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { decodeInteraction } from '../../../shared/wire/slack/interaction.ts';
import { LANE, record, ref } from '../facts.ts';

interface Manifest {
  display_information: { name: string; description: string };
  features: {
    slash_commands: { command: string; url: string; should_escape: boolean; usage_hint: string; description: string }[];
    shortcuts: { name: string; type: string; callback_id: string; description: string }[];
  };
  oauth_config: { scopes: { bot: string[] } };
  settings: { interactivity: { is_enabled: boolean; request_url: string }; token_rotation_enabled: boolean };
}

const root = join(import.meta.dirname, '../../..');
const manifest = parse(readFileSync(join(root, 'infra/slack-manifest.yaml'), 'utf8')) as Manifest;

test('asks for what is used and no more', () => {
  expect(manifest.oauth_config.scopes.bot.sort()).toEqual(
    ['chat:write', 'commands', 'usergroups:read', 'users:read', 'users:read.email'].sort(),
  );
});

test('sends people’s words to the addresses that take them', () => {
  const { features, settings } = manifest;
  const routes = readFileSync(join(root, 'functions/http/routes.ts'), 'utf8');
  const [command] = features.slash_commands;
  expect(command).toMatchObject({ command: '/warmswap', should_escape: false });
  for (const address of [command?.url ?? '', settings.interactivity.request_url]) {
    const { origin, pathname } = new URL(address);
    expect(origin).toBe('https://your-app.azurewebsites.net');
    expect(pathname).toMatch(/^\/slack\//);
    expect(routes).toContain(`'${pathname.replace('/slack/', '')}'`);
  }
});

test('has only shortcuts that are known', () => {
  const { shortcuts } = manifest.features;
  expect(shortcuts.map(({ callback_id }) => callback_id)).toEqual(['roll-back', 'hold']);
  for (const { callback_id, type } of shortcuts) {
    const payload = {
      type: `${type}_action`,
      callback_id,
      message_ts: '1.1',
      action_ts: '1.2',
      team: { id: 'T1' },
      user: { id: 'U1' },
      response_url: 'https://hooks.slack.com/x',
      message: { blocks: [{ block_id: `deployment|${LANE}|${record.id}|${ref.id}` }] },
    };
    const body = Buffer.from(new URLSearchParams({ payload: JSON.stringify(payload) }).toString());
    const read = decodeInteraction(body, { lanes: [LANE], apiUrl: undefined, appId: 'A1' });
    expect(read).toMatchObject({ value: { asked: { kind: 'command', by: { name: 'U1', slackId: 'U1' } } } });
  }
});

test('keeps to the lengths Slack takes', () => {
  const { display_information: shown, features } = manifest;
  expect(shown.description.length).toBeLessThanOrEqual(140);
  for (const { name, description } of features.shortcuts) {
    expect(name.length).toBeLessThanOrEqual(24);
    expect(description.length).toBeLessThanOrEqual(150);
  }
});
