// `commonplace status`: walks the way from an agent to the extension and says at which hop it ends.
import { access, lstat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { parseWords, ToAgent } from '../lib/wire/bridge.ts';
import { fail, ok, type Failure, type Result } from '../lib/wire/failure.ts';
import { offline } from './agent-link.ts';
import { BROWSER_NAMES, manifestDirectory } from './browsers.ts';
import { FrameSocket } from './frame-socket.ts';
import { greetHost } from './handshake.ts';
import { checkPrivate } from './home.ts';
import { answers } from './listen.ts';
import { MANIFEST_FILE } from './manifest.ts';
import { secretAt } from './private-file.ts';
import { findSocket } from './socket-path.ts';

export interface Hop {
  readonly name: string;
  readonly failure: Failure | null;
  readonly detail: string;
}

const EXTENSION_TIMEOUT_MS = 5000;

/** The hops in order; the first one with a failure is where the way ends, and the last in the list. */
export async function bridgeStatus(home: string): Promise<Hop[]> {
  const hops: Hop[] = [];
  const steps: [string, () => Promise<Result<string>>][] = [
    ['home', () => checkHome(home)],
    ['installed', checkInstalled],
    ['native host', () => checkSocket(home)],
    ['extension', () => checkExtension(home)],
  ];
  for (const [name, check] of steps) {
    const result = await check();
    if (result.ok) hops.push({ name, failure: null, detail: result.value });
    else hops.push({ name, failure: result.failure, detail: result.failure.message });
    // A host may have been made known elsewhere, by a profile of its own.
    if (!result.ok && name !== 'installed') break;
  }
  return hops;
}

async function checkHome(home: string): Promise<Result<string>> {
  const stats = await lstat(home).catch(() => null);
  if (stats === null) {
    return fail('not_found', `${home} is not there yet.`, 'Run “commonplace install”.');
  }
  const privacy = checkPrivate(home, stats, 'directory');
  return privacy.ok ? ok(home) : privacy;
}

async function checkInstalled(): Promise<Result<string>> {
  const found: string[] = [];
  for (const name of BROWSER_NAMES) {
    const directory = manifestDirectory(name);
    if (directory === null) return ok('see the registry');
    const there = await access(join(directory, MANIFEST_FILE)).then(
      () => true,
      () => false,
    );
    if (there) found.push(name);
  }
  if (found.length > 0) return ok(found.join(', '));
  return fail(
    'not_found',
    'No browser of this user knows the native host.',
    'Run “commonplace install”.',
  );
}

async function checkSocket(home: string): Promise<Result<string>> {
  const path = await findSocket(home);
  return path !== null && (await answers(path)) ? ok(path) : offline();
}

async function checkExtension(home: string): Promise<Result<string>> {
  const path = await findSocket(home);
  const secret = await secretAt(join(home, 'secret'));
  if (!secret.ok) return secret;
  if (path === null) return offline();
  const frames = new FrameSocket(connect(path));
  try {
    const greeted = await greetHost(frames, secret.value);
    return greeted.ok ? await hearNode(frames) : greeted;
  } finally {
    frames.destroy();
  }
}

async function hearNode(frames: FrameSocket): Promise<Result<string>> {
  const text = await frames.next(EXTENSION_TIMEOUT_MS);
  if (!text.ok) return text;
  const message = parseWords(ToAgent, text.value);
  if (!message.ok) return message;
  if (message.value.kind === 'challenge') return ok(message.value.node);
  return fail('malformed', 'The extension said something unexpected.', 'Update Commonplace.');
}
