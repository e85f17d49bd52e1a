import { Broken } from './broken.ts';

/** A life that did not end as it must, with everything that happened in it. */
export class Failed extends Error {
  override name = 'Failed';
  /** The law that was broken; other failures are named by their error. */
  readonly law: string;
  readonly trace: readonly string[];

  constructor(cause: unknown, trace: readonly string[]) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.law = cause instanceof Broken ? cause.law : cause instanceof Error ? cause.name : 'error';
    this.trace = trace;
  }
}
