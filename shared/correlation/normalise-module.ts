import { normaliseFile } from './normalise-file.ts';

/** A folder that changes with each release: `v1.2.3`, `1.2.3-rc.1`, `20260114.3`, a digest, `release-42`. */
const RELEASE_FOLDER =
  /^(?:v?\d+(?:\.\d+)+(?:[-+][\w.]+)?|v\d+|\d{6,}(?:[.-]\d+)*|(?=.*\d)[0-9a-f]{7,64}|(?:release|build|deploy)s?[-_.]?\d[\w.-]*)$/i;

/** Classes that frameworks make at run time and number as they go: Spring and CGLIB, javassist, Hibernate, Java lambdas, reflection. */
const GENERATED: [RegExp, string][] = [
  [/\$\$(?:EnhancerBy|FastClassBy|SpringCGLIB|HibernateProxy|_javassist)[\w$]*$/, ''],
  [/_\$\$_(?:jvst|javassist)[\w$]*$/, ''],
  [/\$\$Lambda.*$/, '$$$$Lambda'],
  [/\$Proxy\d+/, '$Proxy'],
  [/(Generated(?:Method|Constructor|SerializationConstructor)Accessor)\d+/, '$1'],
  [/\$\d+(?=\$|$)/g, '$'],
  [/`\d+/g, ''],
];

/**
 * A module, namespace or class as a fingerprint may hold it: without release folders, versions (`pkg@1.2.3`), assembly versions and
 * the numbers of generated classes. A path from the root of a disk or from an origin counts by its base name only.
 */
export function normaliseModule(module: string): string {
  let text = module
    .slice(0, 500)
    .trim()
    .replace(/,\s*(?:Version|Culture|PublicKeyToken)=.*$/i, '');
  if (/^(?:[a-z]:[\\/]|[a-z][a-z0-9+.-]*:\/\/|[\\/])/i.test(text)) return normaliseFile(text);
  for (const [pattern, becomes] of GENERATED) text = text.replace(pattern, becomes);
  return text
    .replace(/\\/g, '/')
    .split('/')
    .filter((folder) => folder !== '.' && folder !== '' && !RELEASE_FOLDER.test(folder))
    .map((folder) => folder.replace(/(?<=.)@v?\d[\w.+-]*$/, '').replace(/[._-]v?\d+\.\d+\.\d+[\w.-]*$/, ''))
    .join('/');
}
