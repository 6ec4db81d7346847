// `commonplace install`: what is written where, and that the launcher really starts the host.
import { execFile, spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFrameReader } from '../../bridge/frames.ts';
import { makeHome, removeHome } from '../support/bridge.ts';

// Every test starts processes, on machines that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const run = promisify(execFile);
const PROGRAM = join(import.meta.dirname, '../../bridge/main.ts');
let person: string;

beforeEach(async () => {
  person = await makeHome();
});

afterEach(() => removeHome(person));

/** Runs the program as a person whose home directory is the test's own. */
function commonplace(...args: string[]) {
  const env = { PATH: process.env['PATH'], HOME: person };
  return run(process.execPath, [PROGRAM, ...args], { env });
}

async function manifestAt(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(path, 'utf8'));
}

describe.runIf(process.platform === 'linux')('commonplace install', () => {
  const CHROMIUM = '.config/chromium/NativeMessagingHosts/node.commonplace.json';
  const FIREFOX = '.mozilla/native-messaging-hosts/node.commonplace.json';

  it('tells each browser in its own words who may start which program', async () => {
    const { stdout } = await commonplace('install', '--browser', 'chromium', 'firefox');
    const launcher = join(person, '.commonplace/bridge/host.sh');
    expect(stdout).toContain(launcher);
    expect(await manifestAt(join(person, CHROMIUM))).toEqual({
      name: 'node.commonplace',
      description: expect.any(String),
      type: 'stdio',
      path: launcher,
      allowed_origins: ['chrome-extension://oobkohdpiciabfffpjbodadedlpmdelp/'],
    });
    expect(await manifestAt(join(person, FIREFOX))).toMatchObject({
      path: launcher,
      allowed_extensions: ['commonplace@commonplace.node'],
    });
    expect((await stat(launcher)).mode & 0o777).toBe(0o700);
  });

  it('writes a launcher that starts the host, whatever characters its home has', async () => {
    const home = join(person, "it's a $HOME");
    const userDataDir = join(person, 'profile');
    await commonplace('install', '--home', home, '--user-data-dir', userDataDir);
    const manifest = await manifestAt(
      join(userDataDir, 'NativeMessagingHosts/node.commonplace.json'),
    );
    const child = spawn(String(manifest['path']), ['chrome-extension://x/']);
    const read = createFrameReader({ maxBytes: 10_000 });
    const hello = await new Promise<string>((resolve) => {
      child.stdout.on('data', (bytes: Buffer) => {
        const texts = read(bytes);
        if (texts.ok && texts.value[0] !== undefined) resolve(texts.value[0]);
      });
    });
    expect(JSON.parse(hello)).toEqual({ kind: 'hello', version: 1, home });
    child.stdin.end();
    await new Promise((resolve) => child.on('exit', resolve));
  });

  it('is undone by uninstall, which leaves keys alone', async () => {
    await commonplace('install', '--browser', 'chromium');
    await commonplace('uninstall', '--browser', 'chromium');
    await expect(stat(join(person, CHROMIUM))).rejects.toThrow('ENOENT');
    expect((await stat(join(person, '.commonplace/bridge'))).isDirectory()).toBe(true);
  });

  it('refuses a browser that it does not know', async () => {
    await expect(commonplace('install', '--browser', 'netscape')).rejects.toThrow('chromium');
  });
});
