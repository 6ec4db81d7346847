// Child processes that end when we say so and in our order: each leads a process group of its own, so that a
// Ctrl-C at the terminal reaches only us.
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Ends the whole group: asks by `politely` or SIGTERM, waits, then kills. */
  end(politely?: () => Promise<unknown>): Promise<void>;
}

const POLITE_MS = 5000;
const TERM_MS = 5000;

export async function startChild(
  command: string,
  args: readonly string[],
  stdio: StdioOptions,
): Promise<Child> {
  const child = spawn(command, args, { stdio, detached: process.platform !== 'win32' });
  const exited = new Promise<Exit>((resolve) => {
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });
  const { pid } = await new Promise<ChildProcess>((resolve, reject) => {
    child.on('spawn', () => resolve(child));
    child.on('error', reject);
  });
  if (pid === undefined) throw new Error(`${command} started without a process id`);
  return { process: child, pid, exited, end: (politely) => end(child, pid, exited, politely) };
}

async function end(
  child: ChildProcess,
  pid: number,
  exited: Promise<Exit>,
  politely?: () => Promise<unknown>,
): Promise<void> {
  if (politely && isRunning(child)) {
    politely().catch(() => {}); // it may well end before it answers
    await endsWithin(exited, POLITE_MS);
  }
  if (isRunning(child)) {
    signalGroup(pid, 'SIGTERM');
    await endsWithin(exited, TERM_MS);
  }
  // Also after an orderly exit: what the leader left behind is still in its group.
  signalGroup(pid, 'SIGKILL');
  await exited;
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function endsWithin(exited: Promise<Exit>, timeoutMs: number): Promise<void> {
  const timer = new AbortController();
  await Promise.race([
    exited,
    delay(timeoutMs, undefined, { signal: timer.signal }).catch(() => {}),
  ]);
  timer.abort();
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}
