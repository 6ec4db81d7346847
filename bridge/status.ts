// `commonplace status`: walks the way from an agent to the extension and says at which hop it ends.
import { existsSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
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

/** The hops in order, up to the first that fails. */
export async function bridgeStatus(home: string): Promise<Hop[]> {
  const steps: [string, () => Promise<Result<string>>][] = [
    ['home', () => checkHome(home)],
    ['native host', () => checkHost(home)],
    ['extension', () => checkExtension(home)],
  ];
  const hops: Hop[] = [];
  for (const [name, check] of steps) {
    const result = await check();
    if (result.ok) hops.push({ name, failure: null, detail: result.value });
    else return [...hops, { name, failure: result.failure, detail: result.failure.message }];
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

/** A profile may know the host by itself, so only a host that does not answer makes us look for manifests. */
async function checkHost(home: string): Promise<Result<string>> {
  const path = await findSocket(home);
  if (path !== null && (await answers(path))) return ok(path);
  return (await isInstalled()) ? offline() : notInstalled();
}

async function isInstalled(): Promise<boolean> {
  for (const name of BROWSER_NAMES) {
    const directory = manifestDirectory(name);
    if (directory === null || existsSync(join(directory, MANIFEST_FILE))) return true;
  }
  return false;
}

function notInstalled(): Result<never> {
  return fail(
    'not_found',
    'No host is running, and no browser of this user knows how to start one.',
    'Run “commonplace install”, then restart the browser.',
  );
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
