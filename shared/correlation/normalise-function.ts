/** Names that engines and languages give to what has none. */
const NAMELESS =
  /^(?:\?|<?\(?anonymous(?: function| class)?\)?>?|anonymous:\d.*|eval(?: code)?|global code|module code|native code|<unknown>|unknown|<module>|<main>|main script|<lambda>|lambda|<listcomp>|<genexpr>|<dictcomp>|<setcomp>|<global>|\[native code\]|0x[0-9a-f]+|\{closure.*\}?|\{main\}|undefined|null)$/i;

/** What may stand before a name: how it was called, not what it is. */
const PREFIXES =
  /^(?:async |new |get |set |bound |static |function |block (?:\(\d+ levels\) )?in |rescue in |ensure in )+/;

/** Compilers' names for the body of an async method, an iterator or a lambda in .NET: the method's own name is inside. */
const DOTNET_GENERATED = /<([\w.]+)>[a-z]__?[\w|]*(?:[.+](?:MoveNext|Invoke))?(?:\(.*)?$/;

/** Everything a compiler numbers anew in each build. */
const NUMBERED: [RegExp, string][] = [
  [/::h[0-9a-f]{16}$/, ''], // Rust
  [/(?:\.func\d+)+(?:\.\d+)*$/, ''], // Go closures
  [/\.gowrap\d+$|-fm$/, ''],
  [/^lambda\$(.+)\$\d+$/, '$1'], // Java
  [/\$\$Lambda.*$/, ''],
  [/^lambda_method\d*$/, 'lambda_method'],
  [/^access\$\d+$/, 'access'],
  [/^_?_?\$?(\w+?)\$\$?[\da-f]{1,8}$/, '$1'],
];

/** `name(args)` and `name[T]` without the last brackets; a receiver in Go, `(*Server).handle`, is no argument list. */
const withoutArguments = (name: string): string => name.replace(/(?<=\w)(?: ?\(.*|\[[^\]]*\].*)$/, '').trim();

/** The part after the class or namespace: `Foo.bar`, `Foo#bar`, `Foo::bar`, `(*Foo).bar`, `Foo->bar` → `bar`. */
function withoutOwner(name: string): string {
  const parts = name.split(/(?:\.|#|::|->|\/)(?=[^.#:/>])/);
  return parts.at(-1) ?? name;
}

/**
 * A function's name as a fingerprint may hold it: without class, arguments, and whatever engines and compilers add or number.
 * Empty when it has no name of its own.
 */
export function normaliseFunction(name: string): string {
  let text = name.slice(0, 500).trim();
  const alias = text.indexOf(' [as ');
  if (alias > 0) text = text.slice(0, alias);
  text = text.replace(PREFIXES, '').replace(/^at /, '');
  // Firefox: `test/<` is a nameless function inside `test`; Chrome calls the same function nothing at all.
  if (/<$|(?:^|\.)<anonymous>$/.test(text) || NAMELESS.test(text)) return '';
  const generated = DOTNET_GENERATED.exec(text);
  if (generated?.[1] !== undefined) return generated[1];
  if (/^<>|DisplayClass/.test(text)) return '';
  text = withoutArguments(
    text.replace(/<[^<>]*>(?=\(|$)/, (found) => (/^<\w+>$/.test(found) && text === found ? found : '')),
  );
  for (const [pattern, becomes] of NUMBERED) text = text.replace(pattern, becomes);
  const own = withoutOwner(text).replace(/^\$+|\$+$/g, '');
  return NAMELESS.test(own) ? '' : own;
}
