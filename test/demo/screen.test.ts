import { describe, expect, test } from 'vitest';
import { type Output, openScreen, paintFor } from '../../infra/local/demo/screen.ts';

function recording(isTTY: boolean): Output & { text(): string } {
  let all = '';
  return {
    isTTY,
    columns: 40,
    write(text) {
      all += text;
    },
    text: () => all,
  };
}

const ESCAPE = '\u001b';

describe('colours', () => {
  test.each([
    { where: 'on a terminal', isTTY: true, env: {}, coloured: true },
    { where: 'on a terminal with NO_COLOR', isTTY: true, env: { NO_COLOR: '1' }, coloured: false },
    { where: 'on a terminal with an empty NO_COLOR', isTTY: true, env: { NO_COLOR: '' }, coloured: true },
    { where: 'on a dumb terminal', isTTY: true, env: { TERM: 'dumb' }, coloured: false },
    { where: 'in a file', isTTY: false, env: {}, coloured: false },
  ])('$where: $coloured', ({ isTTY, env, coloured }) => {
    expect(paintFor(recording(isTTY), env)('red', 'bad').includes(ESCAPE)).toBe(coloured);
  });
});

test('in a file there are whole lines only, and none of what is drawn anew', () => {
  const output = recording(false);
  const screen = openScreen(output, paintFor(output, {}), Date.parse('2026-01-01T00:00:00Z'));
  screen.scene('First');
  screen.doing('waits');
  screen.traffic('60 requests/s');
  screen.stage('1.0.0', 'swapping', new Date('2026-01-01T00:00:12.3Z'), '');
  screen.truth({ scene: 'First', claim: 'it is live', holds: true, seen: 'live' });
  screen.truth({ scene: 'First', claim: 'nothing failed', holds: false, seen: '3 failed' });
  screen.end();
  expect(output.text()).toBe(
    '\nFirst\n  12.3 s  1.0.0  swapping\n          ✓ it is live\n          ✗ nothing failed\n            seen: 3 failed\n',
  );
});

test('on a terminal the last line tells what goes on, cut to its width, and is gone at the end', () => {
  const output = recording(true);
  const screen = openScreen(output, (_, text) => text, 0);
  screen.traffic('60 requests/s, 0 failed, answered by 1.0.0');
  screen.doing('1.1.0 warming');
  const drawn = output.text().split('\r').at(-1) ?? '';
  expect(drawn).toBe(`${ESCAPE}[2K60 requests/s, 0 failed, answered by 1.`);
  screen.end();
  expect(output.text().endsWith(`\r${ESCAPE}[2K`)).toBe(true);
});
