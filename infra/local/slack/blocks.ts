type Bag = Record<string, unknown>;

const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Collects what is wrong, each with a JSON pointer, in the words Slack uses. */
class Faults {
  readonly list: string[] = [];
  add(what: string, pointer: string): void {
    this.list.push(`${what} [json-pointer:${pointer}]`);
  }
  length(text: unknown, most: number, pointer: string): void {
    if (typeof text !== 'string') this.add('must be a string', pointer);
    else if (text.length === 0) this.add('must be more than 0 characters', pointer);
    else if (text.length > most) this.add(`must be less than ${most + 1} characters`, pointer);
  }
  count(items: unknown, most: number, pointer: string): items is unknown[] {
    if (!Array.isArray(items)) this.add('must be an array', pointer);
    else if (items.length === 0) this.add('must be more than 0 items', pointer);
    else if (items.length > most) this.add(`no more than ${most} items allowed`, pointer);
    else return true;
    return false;
  }
  text(value: unknown, types: string[], most: number, pointer: string): void {
    if (!isBag(value)) this.add('missing required field: text', pointer);
    else if (!types.includes(String(value.type))) this.add(`must be one of: ${types.join(', ')}`, `${pointer}/type`);
    else this.length(value.text, most, `${pointer}/text`);
  }
}

const anyText = ['mrkdwn', 'plain_text'];

/**
 * Says what Slack would refuse in a message's blocks, by the limits of its Block Kit reference: 50 blocks, a section's
 * text 3000 characters and 10 fields of 2000, a header 150, a context 10 elements, actions 25 with button texts of 75.
 */
export function blockFaults(blocks: unknown[], at = '/blocks'): string[] {
  const faults = new Faults();
  if (blocks.length > 50) faults.add('no more than 50 items allowed', at);
  const ids = new Set<unknown>();
  for (const [index, block] of blocks.entries()) {
    const pointer = `${at}/${index}`;
    if (!isBag(block)) {
      faults.add('must be an object', pointer);
      continue;
    }
    if (block.block_id !== undefined) {
      faults.length(block.block_id, 255, `${pointer}/block_id`);
      if (ids.has(block.block_id)) faults.add('`block_id` must be unique', pointer);
      ids.add(block.block_id);
    }
    checkBlock(faults, block, pointer);
  }
  return faults.list;
}

function checkBlock(faults: Faults, block: Bag, pointer: string): void {
  switch (block.type) {
    case 'section':
      if (block.text === undefined && block.fields === undefined)
        faults.add('must define either `text` or `fields`', pointer);
      if (block.text !== undefined) faults.text(block.text, anyText, 3000, `${pointer}/text`);
      if (block.fields !== undefined && faults.count(block.fields, 10, `${pointer}/fields`)) {
        for (const [index, field] of block.fields.entries())
          faults.text(field, anyText, 2000, `${pointer}/fields/${index}`);
      }
      if (block.accessory !== undefined) checkElement(faults, block.accessory, `${pointer}/accessory`);
      return;
    case 'header':
      faults.text(block.text, ['plain_text'], 150, `${pointer}/text`);
      return;
    case 'context':
      if (faults.count(block.elements, 10, `${pointer}/elements`)) {
        for (const [index, element] of block.elements.entries()) {
          if (isBag(element) && element.type === 'image') checkElement(faults, element, `${pointer}/elements/${index}`);
          else faults.text(element, anyText, 3000, `${pointer}/elements/${index}`);
        }
      }
      return;
    case 'actions':
      if (faults.count(block.elements, 25, `${pointer}/elements`)) checkActions(faults, block.elements, pointer);
      return;
    case 'image':
      checkElement(faults, block, pointer);
      return;
    case 'divider':
    case 'rich_text':
    case 'markdown':
    case 'video':
      return;
    default:
      faults.add(`unsupported type: ${String(block.type)}`, pointer);
  }
}

function checkActions(faults: Faults, elements: unknown[], pointer: string): void {
  const ids = new Set<unknown>();
  for (const [index, element] of elements.entries()) {
    const at = `${pointer}/elements/${index}`;
    checkElement(faults, element, at);
    if (!isBag(element) || element.action_id === undefined) continue;
    if (ids.has(element.action_id)) faults.add('`action_id` must be unique within its block', at);
    ids.add(element.action_id);
  }
}

function checkElement(faults: Faults, element: unknown, pointer: string): void {
  if (!isBag(element)) {
    faults.add('must be an object', pointer);
    return;
  }
  switch (element.type) {
    case 'button':
      faults.text(element.text, ['plain_text'], 75, `${pointer}/text`);
      if (element.action_id !== undefined) faults.length(element.action_id, 255, `${pointer}/action_id`);
      if (element.value !== undefined) faults.length(element.value, 2000, `${pointer}/value`);
      if (element.url !== undefined) faults.length(element.url, 3000, `${pointer}/url`);
      if (element.style !== undefined && !['primary', 'danger'].includes(String(element.style))) {
        faults.add('must be one of: primary, danger', `${pointer}/style`);
      }
      if (element.confirm !== undefined) checkConfirm(faults, element.confirm, `${pointer}/confirm`);
      return;
    case 'image':
      faults.length(element.image_url, 3000, `${pointer}/image_url`);
      faults.length(element.alt_text, 2000, `${pointer}/alt_text`);
      return;
    case 'overflow':
    case 'static_select':
    case 'datepicker':
      return;
    default:
      faults.add(`unsupported type: ${String(element.type)}`, pointer);
  }
}

/** Reference of the confirmation dialog object: title 100 characters, text 300, each answer 30. */
function checkConfirm(faults: Faults, confirm: unknown, pointer: string): void {
  if (!isBag(confirm)) {
    faults.add('must be an object', pointer);
    return;
  }
  faults.text(confirm.title, ['plain_text'], 100, `${pointer}/title`);
  faults.text(confirm.text, anyText, 300, `${pointer}/text`);
  faults.text(confirm.confirm, ['plain_text'], 30, `${pointer}/confirm`);
  faults.text(confirm.deny, ['plain_text'], 30, `${pointer}/deny`);
}
