import type { Policy } from '../../../shared/lane/policy.ts';
import type { LaneId } from '../../../shared/lane/words.ts';
import type { Announcer } from './announce.ts';
import type { BuildEvent } from './event.ts';
import type { ServiceView } from './observe-service.ts';
import type { SiteView } from './observe-site.ts';
import type { MessageSeen } from './observe-slack.ts';
import type { TablesView } from './observe-tables.ts';
import type { Screen } from './screen.ts';
import type { Traffic } from './traffic.ts';
import type { Truths } from './truths.ts';

/** What a scene acts on and looks at: a build system, a person's hand, and eyes on every outside. */
export interface World {
  lane: LaneId;
  policy: Policy;
  dataDir: string;
  traffic: Traffic;
  announcer: Announcer;
  service: ServiceView;
  site: SiteView;
  tables: TablesView;
  slack(): Promise<MessageSeen[]>;
  packages: { has(sha256: string): Promise<boolean> };
  screen: Screen;
  signal: AbortSignal;
  /** The events that were announced, by version. */
  announced: Map<string, BuildEvent>;
  /** Stretches of traffic that belong to a version nobody deployed through the service. */
  stretches: Map<string, { from: Date; to: Date }>;
}

export interface Scene {
  title: string;
  play(world: World, truths: Truths): Promise<void>;
}
