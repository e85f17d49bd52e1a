import { normaliseFile } from './normalise-file.ts';
import { normaliseFunction } from './normalise-function.ts';
import { normaliseModule } from './normalise-module.ts';
import type { Frame } from './words.ts';

/** What counts of a frame. `named`: it has a function name that tells one place from another. */
export interface FrameKey {
  text: string;
  named: boolean;
}

const NOT_OURS_FILE =
  /(?:^|[\\/])(?:node_modules|site-packages|dist-packages|vendor|gems|bower_components)[\\/]|^(?:node:|internal\/|<frozen |native$|\[native)|^\/usr\/(?:local\/)?(?:lib|share|go)\//;
const NOT_OURS_MODULE =
  /^(?:node:|internal[./]|System\.|Microsoft\.|java\.|javax\.|jdk\.|sun\.|kotlin\.|scala\.|runtime(?:\.|$)|react-dom$)/;

/** The client's own word where it gave one; else what the path or the module tells. */
export function isInApp(frame: Frame): boolean {
  if (frame.inApp !== undefined) return frame.inApp;
  if (frame.file !== undefined && NOT_OURS_FILE.test(frame.file)) return false;
  if (frame.module !== undefined && NOT_OURS_MODULE.test(frame.module)) return false;
  return frame.file !== undefined || frame.module !== undefined;
}

/** Minifiers give one- and two-letter names anew in each build; only in a file that a bundler made do such names mean that. */
function isMinified(name: string, file: string | undefined): boolean {
  return /^[\w$]{1,2}$/.test(name) && file !== undefined && /\.[mc]?js(?:[?#]|$)|^https?:|^blob:/.test(file);
}

export type FrameKeyOf = (frame: Frame) => FrameKey | null;

/** `frameKey` that remembers, for as long as its caller works: the reports of one batch share nearly all their frames. */
export function rememberingFrames(): FrameKeyOf {
  const known = new Map<string, FrameKey | null>();
  return (frame) => {
    const said = `${frame.function}\u0000${frame.module}\u0000${frame.file}`;
    const before = known.get(said);
    if (before !== undefined) return before;
    const key = frameKey(frame);
    known.set(said, key);
    return key;
  };
}

/**
 * Module, else file, and function: never line, column or anything that a build or a host changes. Null when nothing is left to
 * tell the frame by (native code, `eval` without a file).
 */
export function frameKey(frame: Frame): FrameKey | null {
  const own = normaliseFunction(frame.function ?? '');
  const name = isMinified(own, frame.file) ? '' : own;
  const module = normaliseModule(frame.module ?? '');
  const place = module !== '' ? module : normaliseFile(frame.file ?? '');
  const known = /^(?:<anonymous>|<page>|eval|native|unknown|<unknown>|\[native code\]|)$/.test(place) ? '' : place;
  if (known === '' && name === '') return null;
  return { text: `${known}|${name}`, named: name !== '' };
}
