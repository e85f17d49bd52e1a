import { createHash } from 'node:crypto';

type Bag = Record<string, unknown>;

const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A button that a person can press, with the block it stands in. */
export interface PlacedButton {
  blockId: string;
  actionId: string;
  button: Bag;
}

/** The blocks with the ids Slack gives to those that were sent without one; the same blocks get the same ids. */
export function withIds(blocks: unknown[]): Bag[] {
  return blocks.filter(isBag).map((block, index) => {
    const blockId = typeof block.block_id === 'string' ? block.block_id : idOf(index, block);
    const named = (element: unknown, at: number): unknown =>
      isBag(element) && element.type === 'button' && element.action_id === undefined
        ? { ...element, action_id: idOf(at, element) }
        : element;
    return {
      ...block,
      block_id: blockId,
      ...(Array.isArray(block.elements) ? { elements: block.elements.map(named) } : {}),
      ...(block.accessory === undefined ? {} : { accessory: named(block.accessory, 0) }),
    };
  });
}

const idOf = (index: number, what: Bag): string =>
  createHash('sha256')
    .update(JSON.stringify([index, what]))
    .digest('base64url')
    .replace(/[-_]/g, '')
    .slice(0, 5);

/** All buttons of a message, in order. */
export function buttonsIn(blocks: unknown[]): PlacedButton[] {
  return withIds(blocks).flatMap((block) => {
    const elements = [...(Array.isArray(block.elements) ? block.elements : []), block.accessory];
    return elements
      .filter((element): element is Bag => isBag(element) && element.type === 'button')
      .map((button) => ({ blockId: String(block.block_id), actionId: String(button.action_id), button }));
  });
}
