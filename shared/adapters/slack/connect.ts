import type { Messenger, People } from '../../ports.ts';
import { messenger } from './messenger.ts';
import { people } from './people.ts';
import type { SlackConnection } from './web-client.ts';

/** Both ways we speak to Slack, over one library. */
export const openSlackPorts = (connection: SlackConnection): { messenger: Messenger; people: People } => ({
  messenger: messenger(connection),
  people: people(connection),
});
