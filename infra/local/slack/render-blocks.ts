import { escapeHtml, mrkdwnToHtml, plainToHtml } from './mrkdwn.ts';

type NameOf = (userId: string) => string;
type Bag = Record<string, unknown>;

/** Renders Block Kit blocks; buttons are shown but cannot be pressed. Types without a picture here are named. */
export function renderBlocks(blocks: unknown[], nameOf: NameOf): string {
  return blocks.map((block) => renderBlock((block ?? {}) as Bag, nameOf)).join('');
}

function renderBlock(block: Bag, nameOf: NameOf): string {
  switch (block.type) {
    case 'header':
      return `<h3 class="header">${textHtml(block.text, nameOf)}</h3>`;
    case 'section':
      return sectionHtml(block, nameOf);
    case 'context':
      return `<div class="context">${list(block.elements)
        .map((one) => elementHtml(one, nameOf))
        .join(' ')}</div>`;
    case 'actions':
      return `<div class="actions">${list(block.elements)
        .map((one) => elementHtml(one, nameOf))
        .join('')}</div>`;
    case 'divider':
      return '<hr>';
    case 'image':
      return `<figure>${elementHtml(block, nameOf)}</figure>`;
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
    block.accessory === undefined ? '' : `<div class="accessory">${elementHtml(block.accessory as Bag, nameOf)}</div>`;
  return `<div class="section"><div>${text}${grid}</div>${accessory}</div>`;
}

function elementHtml(element: Bag, nameOf: NameOf): string {
  switch (element.type) {
    case 'button': {
      const style = element.style === 'primary' || element.style === 'danger' ? ` class="${element.style}"` : '';
      return `<button type="button" disabled${style}>${textHtml(element.text, nameOf)}</button>`;
    }
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

function textHtml(text: unknown, nameOf: NameOf): string {
  const { type, text: value } = (text ?? {}) as Bag;
  return type === 'mrkdwn' ? mrkdwnToHtml(String(value ?? ''), nameOf) : plainToHtml(String(value ?? ''));
}

function list(value: unknown): Bag[] {
  return Array.isArray(value) ? value.filter((one): one is Bag => typeof one === 'object' && one !== null) : [];
}
