import type { ErrorReport, Frame } from '../../shared/correlation/words.ts';
import type { AppName, EnvironmentName, Version } from '../../shared/lane/words.ts';

export const at = (clock: string, day = '2026-03-01'): Date => new Date(`${day}T${clock}Z`);

/** A report as decoders make it; what a test says nothing about is ordinary. */
export function report(
  changes: Partial<Omit<ErrorReport, 'version'>> & { version?: string | undefined } = {},
): ErrorReport {
  const { version, ...others } = changes;
  return {
    app: 'storefront' as AppName,
    environment: 'production' as EnvironmentName,
    version: version as Version | undefined,
    occurredAt: at('10:00:00'),
    level: 'error',
    exceptions: [
      {
        type: 'TypeError',
        message: "Cannot read properties of undefined (reading 'total')",
        frames: [{ function: 'Cart.total', file: '/home/site/wwwroot/src/cart.js', line: 10, column: 4, inApp: true }],
      },
    ],
    count: 1,
    tags: {},
    ...others,
  };
}

/** `Cart.add@/src/cart.js:3`, with `!` in front for a frame that is not in-app and `~` for one whose client did not say. */
export function frame(text: string): Frame {
  const mark = /^[!~]/.test(text) ? text.charAt(0) : '';
  const [fn = '', place = ''] = text.slice(mark.length).split('@@');
  const [, file = '', line] = /^(.*?)(?::(\d+))?$/.exec(place) ?? [];
  return {
    function: fn === '' ? undefined : fn,
    file: file === '' ? undefined : file,
    line: line === undefined ? undefined : Number.parseInt(line, 10),
    inApp: mark === '~' ? undefined : mark === '',
  };
}

export const thrown = (type: string, message: string, ...frames: string[]): ErrorReport =>
  report({ exceptions: [{ type, message, frames: frames.map(frame) }] });
