import type { Command } from '../../lane/input.ts';
import type { Actor, LaneId } from '../../lane/words.ts';

/** Where a request of Slack's says it comes from; judged before what it asks for is looked at. */
export interface Sender {
  team: string;
  /** The workspace of the person: in a channel shared with others it need not be ours. */
  userTeam: string | null;
  /** Slack leaves it out where a shortcut is used; which app it was, its signature has proved. */
  app: string | null;
}

/** Whether it comes from the one workspace and app that may decide here. */
export const isOurs = ({ team, userTeam, app }: Sender, ours: { teamId: string; appId: string }): boolean =>
  team === ours.teamId && (userTeam ?? team) === ours.teamId && (app ?? ours.appId) === ours.appId;

interface FromSomebody {
  by: Actor;
  /** Where the asker alone can be told. */
  replyTo: string;
  /** The same for a request that is sent again: what the id of the input is made of. */
  key: string;
}

/** A word about a lane that names exactly what the person saw. */
export type SlackCommand = FromSomebody & { kind: 'command'; lane: LaneId; command: Command };

/** A typed word: which deployment or build it is about is read from the lane as it stands. */
export type SlackWish = FromSomebody & {
  kind: 'needs-lane-state';
  lane: LaneId;
  wish: 'approve' | 'reject' | 'roll-back';
  /** What the person typed after the lane: the version they mean to approve, else their reason. */
  words: string;
};

export type SlackQuestion = { kind: 'question'; question: 'status' | 'history' | 'who-is-live'; lanes: LaneId[] };

/** Nothing is done; the person is told why, or how it is done. `text` is plain, of one line or more. */
export type SlackRefusal = { kind: 'refusal'; text: string; replyTo: string };

export type SlackClick = SlackCommand | SlackRefusal;
export type SlackTyped = SlackCommand | SlackWish | SlackQuestion | SlackRefusal;
