/** What JSON leaves as it is although it ends a line to some reader or moves a terminal: DEL, C1 controls, separators, writing directions. */
const ACTIVE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** One line of the log, in JSON and in printable characters: whatever others wrote stands inside a text and cannot begin a line of its own. */
export const logLine = (what: string, facts: Record<string, unknown>): string =>
  // Outside texts there is none of these characters in JSON, so an escape always stands inside one.
  JSON.stringify({ what, ...facts }).replace(
    ACTIVE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
