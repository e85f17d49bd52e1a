/** Before these a slash begins a regular expression, not a division. */
const beforeRegExp = /(?:[=(,:[!&|?{};+]|\breturn|^)\s*$/;

/**
 * The code of a TypeScript text: comments, the contents of templates and regular expressions and (unless they are to be kept) of
 * strings are left out; what stands in the holes of a template is code and stays.
 */
export function codeOf(text: string, strings: 'kept' | 'left out' = 'left out'): string {
  let code = '';
  let at = 0;
  /** For each template whose hole we are in: how many braces are open inside the hole. */
  const holes: number[] = [];
  const until = (end: RegExp): void => {
    end.lastIndex = at;
    const found = end.exec(text);
    at = found === null ? text.length : found.index + found[0].length;
  };
  const template = (): void => {
    until(/(?:[^\\`$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{|$)/g);
    if (text[at - 1] === '{') holes.push(0);
    code += '``';
  };
  while (at < text.length) {
    const start = at;
    const char = text[at] ?? '';
    const two = text.slice(at, at + 2);
    at += 1;
    if (two === '//') until(/(?=\n)|$/g);
    else if (two === '/*') until(/\*\//g);
    else if (char === "'" || char === '"') {
      until(char === "'" ? /(?:[^\\'\n]|\\[\s\S])*(?:'|\n|$)/g : /(?:[^\\"\n]|\\[\s\S])*(?:"|\n|$)/g);
      code += strings === 'kept' ? text.slice(start, at) : `${char}${char}`;
    } else if (char === '`') template();
    else if (char === '/' && beforeRegExp.test(code)) {
      until(/(?:[^\\/[\n]|\\.|\[(?:[^\\\]\n]|\\.)*\])*(?:\/[a-z]*|\n|$)/g);
      code += '/ /';
    } else if (char === '}' && holes.at(-1) === 0) {
      holes.pop();
      template();
    } else {
      const open = holes.length - 1;
      if (open >= 0 && char === '{') holes[open] = (holes[open] ?? 0) + 1;
      if (open >= 0 && char === '}') holes[open] = (holes[open] ?? 0) - 1;
      code += char;
    }
  }
  return code;
}
