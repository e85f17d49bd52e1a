import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { escapeHtml, type Html, html } from '../../shared/wire/html.ts';
import { hostileTexts } from '../functions/hostile-texts.ts';
import { openBrowser } from '../scenarios/chromium.ts';

const texts = Object.values(hostileTexts);
/** What is seen of a text: lines end in one way, and nothing turns the writing about or is no character. */
const seen = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/(?![\t\n])\p{Cc}/gu, '\ufffd');

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** A page of paragraphs as a browser reads it, and whatever in it ran or was asked for. */
async function read(paragraphs: Html | string) {
  const page = await browser.newPage();
  const alarms: string[] = [];
  page.on('dialog', async (dialog) => {
    alarms.push(dialog.message());
    await dialog.dismiss();
  });
  await page.route('**', (route) => {
    alarms.push(route.request().url());
    return route.abort();
  });
  await page.setContent(`<!doctype html><meta charset="utf-8"><body>${paragraphs}`);
  const found = await page.evaluate<{ elements: number; attributes: number; texts: [string, string][] }>(`({
    elements: document.querySelectorAll('body *').length,
    attributes: [...document.querySelectorAll('body *')].reduce((sum, { attributes }) => sum + attributes.length, 0),
    texts: [...document.querySelectorAll('body > p')].map((one) => [one.textContent, one.getAttribute('title')]),
  })`);
  await page.close();
  return { ...found, alarms };
}

test('a browser reads outside text as text, in elements and in attributes', async () => {
  const found = await read(html`${texts.map((text) => html`<p title="${text}">${text}</p>`)}`);
  expect(found.texts).toEqual(texts.map((text) => [seen(text), seen(text)]));
  expect(found).toMatchObject({ elements: texts.length, attributes: texts.length, alarms: [] });
});

test('what is not escaped has elements of its own, so the count above can fail', async () => {
  const found = await read(texts.map((text) => `<p title="${text}">${text}</p>`).join(''));
  expect(found.elements).toBeGreaterThan(texts.length);
  expect(found.alarms.length).toBeGreaterThan(0);
});

test('what html made is not escaped again, a text that looks like it is', () => {
  expect(String(html`<ul>${[html`<li>${1}</li>`, html`<li>${'<b>'}</li>`]}</ul>`)).toBe(
    '<ul><li>1</li><li>&lt;b&gt;</li></ul>',
  );
  expect(escapeHtml(String(html`<b>`))).toBe('&lt;b&gt;');
  expect(escapeHtml(`a\0b\ud800c\r\nd"'\``)).toBe('a\ufffdb\ufffdc\nd&quot;&#39;&#96;');
});
