import { blockFaults } from './blocks.ts';
import { listArgument, textArgument } from './call.ts';
import { type Answer, refused } from './workspace.ts';

/** What a message says; undefined: not given, so that what was there stays. */
export interface Content {
  text: string | undefined;
  blocks: unknown[] | undefined;
  attachments: unknown[] | undefined;
}

/** Reads and checks what a message says; a refusal where Slack would refuse. `textLimit` is in characters. */
export function contentOf(args: Record<string, unknown>, textLimit: number): Content | Answer {
  const text = textArgument(args.text);
  const blocks = listArgument(args.blocks);
  const attachments = listArgument(args.attachments);
  if (blocks === null) return refused('invalid_blocks_format');
  if (attachments === null) return refused('invalid_attachments');
  if (!text && !blocks?.length && !attachments?.length) return refused('no_text');
  if (text !== undefined && text.length > textLimit) return refused('msg_too_long');
  if ((attachments?.length ?? 0) > 100) return refused('too_many_attachments');
  const faults = blockFaults(blocks ?? []);
  for (const [index, attachment] of (attachments ?? []).entries()) {
    const inner = (attachment as { blocks?: unknown } | null)?.blocks;
    if (Array.isArray(inner)) faults.push(...blockFaults(inner, `/attachments/${index}/blocks`));
  }
  if (faults.length > 0) {
    const messages = faults.map((fault) => `[ERROR] ${fault}`);
    return { ok: false, error: 'invalid_blocks', errors: faults, response_metadata: { messages } };
  }
  return { text, blocks, attachments };
}
