/** One line of the functions host's output. */
export interface LogLine {
  level: string;
  function?: string;
  message: string;
}

/** The lines written so far; a last line that is not whole yet is left out, and so is what the process says beside its log. */
export function readLog(text: string): LogLine[] {
  return text.split('\n').flatMap((line): LogLine[] => {
    if (!line.startsWith('{')) return line.trim() === '' ? [] : [{ level: 'unknown', message: line }];
    try {
      const read = JSON.parse(line) as Partial<LogLine>;
      // What the service says of itself, outside of any invocation, has no level and is the line itself.
      return [{ level: 'information', message: line, ...read }];
    } catch {
      return [];
    }
  });
}
