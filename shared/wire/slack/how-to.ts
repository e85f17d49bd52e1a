import type { Command } from '../../lane/input.ts';
import type { LaneId } from '../../lane/words.ts';
import { escapeText } from './escape.ts';

/** A command as its reader can send it. The address and the token are the reader's to fill in; a token never stands in a message. */
export function curl(service: string | null, lane: LaneId, command: Command): string {
  const body = JSON.stringify({ lane, ...command }).replaceAll("'", "'\\''");
  const lines = [
    `curl -fsS -X POST "${service ?? '$WARMSWAP_URL'}/api/v1/commands"`,
    '-H "Authorization: Bearer $WARMSWAP_TOKEN" -H "Content-Type: application/json"',
    `-d '${body}'`,
  ];
  return `\`\`\`\n${lines.map((line) => escapeText(line, 2_000)).join(' \\\n  ')}\n\`\`\``;
}
