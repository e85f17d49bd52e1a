import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Runs a command to its exit code; what it cannot do is one sentence on stderr and the code 2, never a stack trace. */
export function runCommand(main: (args: string[]) => Promise<number>): void {
  main(process.argv.slice(2)).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : String(error));
      process.exitCode = 2;
    },
  );
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** The values on a command line. Throws one clear sentence. */
export function readArguments<const Known extends Options>(args: string[], options: Known) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    const why = error instanceof Error ? error.message.split(/\. |\n/)[0] : String(error);
    throw new Error(`${why}; --help tells what there is`);
  }
}

/** The text of an option that has to be given. Throws one clear sentence. */
export function required(name: string, value: string | undefined): string {
  if (value === undefined || value.trim() === '') throw new Error(`--${name} is missing; --help tells what it is`);
  return value;
}
