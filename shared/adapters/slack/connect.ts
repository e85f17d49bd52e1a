import type { Messenger, People } from '../../ports.ts';
import { networkOf } from '../http/public-network.ts';
import { messenger } from './messenger.ts';
import { people } from './people.ts';
import type { SlackConnection } from './web-client.ts';

/** Both ways we speak to Slack, over one library. `allowedNetworks`: where answers may be sent to, beside the public internet. */
export const openSlackPorts = (
  connection: SlackConnection,
  allowedNetworks: readonly string[],
): { messenger: Messenger; people: People } => ({
  messenger: messenger(connection, networkOf(allowedNetworks)),
  people: people(connection),
});
