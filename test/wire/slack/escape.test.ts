import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeText, link } from '../../../shared/wire/slack/escape.ts';

describe('outside text', () => {
  test.each([
    ['a & b < c > d', 'a &amp; b &lt; c &gt; d'],
    ['<!channel> <@U1> <#C1>', '&lt;!channel&gt; &lt;@U1&gt; &lt;#C1&gt;'],
    ['<https://evil.example|our wiki>', '&lt;https://evil.example|our wiki&gt;'],
    ['ask @here or @Channel', 'ask @\u2060here or @\u2060Channel'],
    ['ada@example.com', 'ada@example.com'],
    ['two\nlines\tand\u0007more', 'two lines and more'],
    ['file\u202egpj.exe', 'filegpj.exe'],
    ['   ', ''],
    ['> said nobody', '\u2060&gt; said nobody'],
    ['&lt;', '&amp;lt;'],
  ])('%j', (text, shown) => expect(escapeText(text)).toBe(shown));

  test('is cut whole characters at a time, before it is escaped', () => {
    expect(escapeText('<<<<<', 3)).toBe('&lt;&lt;…');
    expect(escapeText('a😀b', 3)).toBe('a…');
  });

  test('never ends the code it stands in', () => {
    expect(escapeText('a```b`<c>')).toBe('aˋˋˋbˋ&lt;c&gt;');
  });

  test('of any kind has no power over links and mentions', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = escapeText(text);
        expect(shown).not.toMatch(/[<>\n`]|^&gt;|&(?!amp;|lt;|gt;)|@(channel|here|everyone)/i);
      }),
    );
  });
});

test.each([
  ['https://example.com/a?b=1&c=2', 'x', '<https://example.com/a?b=1&amp;c=2|x>'],
  ['https://example.com/a|b>c', 'x|y>', '<https://example.com/a%7Cb%3Ec|x¦y&gt;>'],
  ['https://ada:secret@example.com/', 'x', '<https://example.com/|x>'],
  ['javascript:alert(1)', 'x', 'x'],
  ['no address', '<x>', '&lt;x&gt;'],
  [null, 'x', 'x'],
  [undefined, 'x', 'x'],
])('a link to %j', (address, label, shown) => expect(link(address, label)).toBe(shown));
