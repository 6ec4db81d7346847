// Other programs run to their end, with what they print either shown as it comes or only when they fail.
import { spawn } from 'node:child_process';
import { inRoot } from './root.ts';
import { say } from './say.ts';

/** Shows what the program prints, on standard error; gives its exit code. */
export async function runShown(command: string, args: readonly string[]): Promise<number> {
  const child = spawn(command, args, { cwd: inRoot(), stdio: ['ignore', 2, 2] });
  return exitCode(child);
}

/** Shows what the program printed only when it failed, and then throws. */
export async function runQuietly(
  title: string,
  command: string,
  args: readonly string[],
): Promise<void> {
  const child = spawn(command, args, { cwd: inRoot(), stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => printed.push(chunk));
  const code = await exitCode(child);
  if (code === 0) return;
  say(Buffer.concat(printed).toString());
  throw new Error(`${title} failed with exit code ${code}; what it printed stands above`);
}

async function exitCode(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
