import type { Truth } from './truths.ts';

/** What a person watches. */
export interface Screen {
  scene(title: string): void;
  say(text: string): void;
  stage(version: string, stage: string, at: Date, why: string): void;
  truth(truth: Truth): void;
  /** What goes on right now; with the traffic, it is the last line, drawn anew on a terminal and nowhere else. */
  doing(text: string): void;
  traffic(text: string): void;
  print(text: string): void;
  end(): void;
}

/** What a stream can do. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export type Paint = (colour: Colour, text: string) => string;
type Colour = keyof typeof CODES;
const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

/** Colours where a person sees them, and has not said no (no-color.org). */
export function paintFor(output: Output, env: NodeJS.ProcessEnv): Paint {
  const coloured = output.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  return (colour, text) => (coloured && text !== '' ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text);
}

const stageColours: Record<string, Colour> = {
  live: 'green',
  'rolled-back': 'yellow',
  'rolling-back': 'yellow',
  failed: 'yellow',
  'needs-human': 'red',
};

/** `startedAt`: what times are counted from. */
export function openScreen(output: Output, paint: Paint, startedAt: number): Screen {
  let status = { doing: '', traffic: '' };
  const erase = (): void => {
    if (output.isTTY) output.write('\r\u001b[2K');
  };
  const draw = (): void => {
    if (!output.isTTY) return;
    const text = [status.traffic, status.doing].filter((part) => part !== '').join('  ·  ');
    erase();
    output.write(paint('dim', text.slice(0, (output.columns ?? 80) - 1)));
  };
  const line = (text: string): void => {
    erase();
    output.write(`${text}\n`);
    draw();
  };
  const seconds = (at: number): string => `${((at - startedAt) / 1_000).toFixed(1).padStart(6)} s`;
  return {
    scene: (title) => {
      status = { ...status, doing: '' };
      line(`\n${paint('bold', title)}`);
    },
    say: (text) => line(`${paint('dim', seconds(Date.now()))}  ${text}`),
    stage: (version, stage, at, why) => {
      const told = paint(stageColours[stage] ?? 'cyan', stage.padEnd(13));
      line(`${paint('dim', seconds(at.getTime()))}  ${version.padEnd(6)} ${told} ${paint('dim', why)}`.trimEnd());
    },
    truth: ({ claim, holds, seen }) =>
      line(
        holds
          ? `          ${paint('green', '✓')} ${claim}`
          : `          ${paint('red', '✗')} ${claim}\n            ${paint('red', `seen: ${seen}`)}`,
      ),
    doing: (text) => {
      status = { ...status, doing: text };
      draw();
    },
    traffic: (text) => {
      status = { ...status, traffic: text };
      draw();
    },
    print: line,
    end: () => {
      status = { doing: '', traffic: '' };
      erase();
    },
  };
}
