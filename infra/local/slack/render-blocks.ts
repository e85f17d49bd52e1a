import { withIds } from './block-ids.ts';
import { escapeHtml, mrkdwnToHtml, plainToHtml } from './mrkdwn.ts';

type NameOf = (userId: string) => string;
type Bag = Record<string, unknown>;

/** Renders Block Kit blocks; a button says by its attributes which it is. Types without a picture here are named. */
export function renderBlocks(blocks: unknown[], nameOf: NameOf): string {
  return withIds(blocks)
    .map((block) => renderBlock(block, nameOf))
    .join('');
}

function renderBlock(block: Bag, nameOf: NameOf): string {
  const elements = (between: string): string =>
    list(block.elements)
      .map((one) => elementHtml(one, block, nameOf))
      .join(between);
  switch (block.type) {
    case 'header':
      return `<h3 class="header">${textHtml(block.text, nameOf)}</h3>`;
    case 'section':
      return sectionHtml(block, nameOf);
    case 'context':
      return `<div class="context">${elements(' ')}</div>`;
    case 'actions':
      return `<div class="actions">${elements('')}</div>`;
    case 'divider':
      return '<hr>';
    case 'image':
      return `<figure>${elementHtml(block, block, nameOf)}</figure>`;
    case 'markdown':
      return `<div class="text">${plainToHtml(String(block.text ?? ''))}</div>`;
    default:
      return `<div class="context">[${escapeHtml(String(block.type))}]</div>`;
  }
}

function sectionHtml(block: Bag, nameOf: NameOf): string {
  const text = block.text === undefined ? '' : `<div class="text">${textHtml(block.text, nameOf)}</div>`;
  const fields = list(block.fields);
  const grid =
    fields.length === 0
      ? ''
      : `<div class="fields">${fields.map((one) => `<div>${textHtml(one, nameOf)}</div>`).join('')}</div>`;
  const accessory =
    block.accessory === undefined
      ? ''
      : `<div class="accessory">${elementHtml(block.accessory as Bag, block, nameOf)}</div>`;
  return `<div class="section"><div>${text}${grid}</div>${accessory}</div>`;
}

function elementHtml(element: Bag, block: Bag, nameOf: NameOf): string {
  switch (element.type) {
    case 'button':
      return buttonHtml(element, block, nameOf);
    case 'image':
      // Pictures live on other hosts: the page loads nothing from outside and shows what stands for them.
      return `<span class="image" title="${escapeHtml(String(element.image_url ?? ''))}">🖼 ${escapeHtml(String(element.alt_text ?? ''))}</span>`;
    case 'mrkdwn':
    case 'plain_text':
      return `<span>${textHtml(element, nameOf)}</span>`;
    default:
      return `<button type="button" disabled>${escapeHtml(String(element.type))}</button>`;
  }
}

/** A button with an address is a link that is told to the app as well. Its confirm dialog waits beside it as a template. */
function buttonHtml(button: Bag, block: Bag, nameOf: NameOf): string {
  const style = button.style === 'primary' || button.style === 'danger' ? ` ${button.style}` : '';
  const which = `data-block="${escapeHtml(String(block.block_id))}" data-action="${escapeHtml(String(button.action_id))}"`;
  const label = textHtml(button.text, nameOf);
  const address = String(button.url ?? '');
  if (/^https?:\/\//i.test(address))
    return `<a class="button${style}" ${which} href="${escapeHtml(address)}" target="_blank" rel="noopener noreferrer">${label}</a>`;
  return `<button type="button" class="press${style}" ${which}>${label}</button>${confirmHtml(button.confirm, nameOf)}`;
}

function confirmHtml(confirm: unknown, nameOf: NameOf): string {
  if (typeof confirm !== 'object' || confirm === null) return '';
  const { title, text, confirm: yes, deny: no, style } = confirm as Bag;
  const kind = style === 'danger' ? 'danger' : 'primary';
  return `<template><h2>${textHtml(title, nameOf)}</h2><div class="text">${textHtml(text, nameOf)}</div>
<div class="answers"><button type="button" data-answer="no">${textHtml(no, nameOf)}</button>
<button type="button" class="${kind}" data-answer="yes">${textHtml(yes, nameOf)}</button></div></template>`;
}

function textHtml(text: unknown, nameOf: NameOf): string {
  const { type, text: value, verbatim } = (text ?? {}) as Bag;
  return type === 'mrkdwn'
    ? mrkdwnToHtml(String(value ?? ''), nameOf, verbatim === true)
    : plainToHtml(String(value ?? ''));
}

function list(value: unknown): Bag[] {
  return Array.isArray(value) ? value.filter((one): one is Bag => typeof one === 'object' && one !== null) : [];
}
