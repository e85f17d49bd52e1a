import type { Look, SlotLook } from '../../shared/lane/look.ts';
import type { Identity } from '../../shared/lane/words.ts';
import { at } from './time.ts';

/** What a slot says that holds our publish of a version. */
export const identityOf = (version: string): Identity => ({ kudu: `k-${version}`, version });

export const nothing: Identity = { kudu: null, version: null };

export const holding = (version: string): SlotLook => ({ identity: identityOf(version), answers: true });

/** The content is there, but its app does not answer. */
export const silent = (version: string): SlotLook => ({
  identity: { kudu: `k-${version}`, version: null },
  answers: false,
});

/** The stamp of the last swap before any of ours. */
export const stampBefore = '2026-03-01T18:00:00Z';
export const stampAfter = '2026-03-02T10:04:00Z';

const ping = { path: '/health', statuses: '200,204' };

/** A site in order: production holds 1.0.0, staging 1.1.0, and nothing is going on. It was read in no time, unless said otherwise. */
export function aLook(more: Partial<Look> = {}): Look {
  return {
    began: more.at ?? at('10:05'),
    at: at('10:05'),
    production: holding('1.0.0'),
    staging: holding('1.1.0'),
    stamp: stampBefore,
    operation: null,
    targetSwapSlot: null,
    freshAnswers: [],
    rampUpPercent: 0,
    autoSwapSlot: null,
    warmUpPing: { production: ping, staging: ping },
    published: null,
    ...more,
  };
}

/** The same site after a swap was completed. */
export const swappedLook = (more: Partial<Look> = {}): Look =>
  aLook({ production: holding('1.1.0'), staging: holding('1.0.0'), stamp: stampAfter, ...more });
