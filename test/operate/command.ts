import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A command as an operator runs it: a process of its own, which knows the storage and nothing else. */
export interface Command {
  child: ChildProcess;
  ended: Promise<Ended>;
}

export function startCommand(name: string, args: string[], env: Record<string, string>): Command {
  const file = fileURLToPath(new URL(`../../dist/operate/${name}.js`, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], {
    env: { PATH: '/nowhere', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said }))) };
}

export const runCommand = (name: string, args: string[], env: Record<string, string>): Promise<Ended> =>
  startCommand(name, args, env).ended;
