import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { Actor } from '../../shared/lane/words.ts';
import type { Right } from '../../shared/wire/access.ts';
import type { SlackCaller } from './slack-door.ts';

/** What a door says of a request: whom it lets in, or the answer to whoever stays out, and why, for the log alone. */
export type Admission<Caller> = { caller: Caller } | { refused: HttpResponseInit; because: string };

/** Knows a caller by the request, before anything is done for them. */
export type Door<Caller> = (request: HttpRequest) => Promise<Admission<Caller>>;

/** The only routes that anybody may ask. Each is a decision of its own: what it says is said to the world. */
const OPEN: readonly string[] = ['healthz'] satisfies Open[];
type Open = 'healthz';

/**
 * How a route knows its caller. There are these three and no other: the constructor is private, so that a route cannot be given a
 * scheme made elsewhere. A door is loaded with the first request that comes to it.
 */
export class Scheme<Caller> {
  /** The one route that it opens to everybody; null: it opens none. */
  readonly opens: string | null;

  readonly #load: () => Promise<Door<Caller>>;

  private constructor(load: () => Promise<Door<Caller>>, opens: string | null = null) {
    this.#load = load;
    this.opens = opens;
  }

  door(): Promise<Door<Caller>> {
    return this.#load();
  }

  /** An open one serves the route it was made for, where that is on the list; the others serve any. */
  mayServe(route: string): boolean {
    return this.opens === null || (this.opens === route && OPEN.includes(route));
  }

  /** A bearer token that is known and has this right. */
  static bearer(right: Right): Scheme<Actor> {
    return new Scheme(async () => (await import('./bearer-door.ts')).bearerDoor(right));
  }

  /** Slack's signature over the body. */
  static slack(): Scheme<SlackCaller> {
    return new Scheme(async () => (await import('./slack-door.ts')).slackDoor);
  }

  /** Nobody is asked who they are. */
  static open(route: Open): Scheme<null> {
    return new Scheme(async () => async () => ({ caller: null }), route);
  }
}
