import { createHash } from 'node:crypto';

export interface User {
  id: string;
  /** The short name, without "@". */
  name: string;
  email: string;
  /** The name people see; without it the short one. */
  realName?: string;
}
export interface Usergroup {
  id: string;
  /** Without "@". */
  handle: string;
  name: string;
  /** Ids of its members. */
  users: string[];
}
export interface Channel {
  id: string;
  /** Without "#"; a direct message is named after its user, with "@". */
  name: string;
}

/** Who and what there is in the workspace. */
export interface Directory {
  bot: { id: string; name: string };
  users: User[];
  usergroups: Usergroup[];
  channels(): Channel[];
  /** By id, `#name`, name, or a user's id (the direct message with them). */
  findChannel(wanted: string): Channel | undefined;
  /** By id only: what a method needs that takes no names. */
  channelById(id: string): Channel | undefined;
  userById(id: string): User | undefined;
  nameOf(userId: string): string;
}

/** Slack itself, which tells a person what went wrong with their command. */
export const slackbot = { id: 'USLACKBOT', name: 'Slackbot' };

/** An id that is the same in every run, so that a restart finds its messages again. */
function idOf(letter: string, name: string): string {
  const digest = createHash('sha256').update(name).digest('hex').toUpperCase();
  return `${letter}${BigInt(`0x${digest}`).toString(36).toUpperCase().slice(0, 10)}`;
}

/**
 * @param names channels that exist; undefined: any name is a channel from its first use on
 */
export function createDirectory(
  names: string[] | undefined,
  users: User[],
  usergroups: Usergroup[],
  botName: string,
): Directory {
  const byId = new Map<string, Channel>();
  const add = (letter: string, name: string): Channel => {
    const channel = { id: idOf(letter, name), name };
    byId.set(channel.id, channel);
    return channel;
  };
  for (const name of names ?? []) add('C', name.replace(/^#/, ''));
  for (const user of users) add('D', `@${user.name}`);
  const bot = { id: idOf('U', `bot ${botName}`), name: botName };
  const userById = (id: string): User | undefined => users.find((one) => one.id === id);
  return {
    bot,
    users,
    usergroups,
    channels: () => [...byId.values()],
    channelById: (id) => byId.get(id),
    userById,
    findChannel(wanted) {
      const known = byId.get(wanted);
      if (known) return known;
      const user = userById(wanted);
      const name = user ? `@${user.name}` : wanted.replace(/^#/, '');
      const named = [...byId.values()].find((channel) => channel.name === name);
      if (named) return named;
      // Slack's names: lower case, digits, "-" and "_", at most 80.
      return names === undefined && /^[a-z0-9_-]{1,80}$/.test(name) ? add('C', name) : undefined;
    },
    nameOf(userId) {
      const known = [bot, slackbot].find((one) => one.id === userId);
      if (known) return known.name;
      const user = userById(userId);
      return user?.realName ?? user?.name ?? userId;
    },
  };
}
