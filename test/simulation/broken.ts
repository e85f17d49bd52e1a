/** A law of the service was broken; `law` names it. */
export class Broken extends Error {
  override name = 'Broken';
  readonly law: string;
  constructor(law: string, what: string) {
    super(`${law}: ${what}`);
    this.law = law;
  }
}
