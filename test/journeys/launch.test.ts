// The scripted start as other people's harnesses rely on it: its one line, its people, its clean end.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readyLine, startScripted } from '../support/scripted-start.ts';
import { stageWorld } from '../support/stage.ts';

const run = promisify(execFile);

/** Processes of this machine whose command line names `text`. */
async function processesNaming(text: string): Promise<string[]> {
  const { stdout } = await run('ps', ['-eo', 'pid,args']);
  return stdout.split('\n').filter((line) => line.includes(text));
}

test('one line of JSON on standard output introduces everyone, and an interrupt leaves nothing', async () => {
  const start = startScripted(['--headless', '--people', '2', '--json', '--port', '0']);
  try {
    const { people } = await start.ready;
    expect(people.map(({ name }) => name)).toEqual(['Ada', 'Bob']);
    expect(new Set(people.map(({ did }) => did)).size).toBe(2);
    expect(new Set(people.map(({ devtools }) => devtools)).size).toBe(2);
    const base = dirname(people[0]?.profile ?? '');
    expect(await processesNaming(base)).not.toEqual([]);

    expect(await start.stop('SIGINT')).toBe(0);
    expect(readyLine.safeParse(JSON.parse(start.stdout())).success).toBe(true);
    expect(existsSync(base)).toBe(false);
    expect(await processesNaming(base)).toEqual([]);
  } finally {
    await start.stop();
  }
});

test('an interrupt of npm itself, while everything is still starting, leaves nothing', async () => {
  const start = startScripted(['--headless', '--people', '1', '--json'], ['npm', 'start', '--']);
  try {
    await expect.poll(() => processesNamingChildOf(start.pid), { timeout: 30_000 }).not.toEqual([]);
    await start.stop('SIGINT');
    await expect.poll(() => processesNamingChildOf(start.pid), { timeout: 30_000 }).toEqual([]);
  } finally {
    await start.stop();
  }
});

async function processesNamingChildOf(pid: number): Promise<string[]> {
  const { stdout } = await run('ps', ['-eo', 'ppid,pid,args']);
  return stdout.split('\n').filter((line) => line.trim().startsWith(`${pid} `));
}

test.for([
  ['is not JSON', '{'],
  ['has an origin that is no pattern', '{"origins":["everything"]}'],
  ['asks for more than any grant may hold', '{"reads":100000000}'],
  ['has a field that means nothing', '{"money":1}'],
  ['never ends', '{"minutes":1000000}'],
] as const)('a grant that %s starts nothing and says why', async ([, grant]) => {
  const start = startScripted(['--headless', '--json', '--grant', grant]);
  expect(await start.exitCode).toBe(2);
  expect(start.stdout()).toBe('');
  expect(start.stderr()).toContain('bad_arguments: --grant');
});

test.for([
  ['--people', '0'],
  ['--people', 'many'],
  ['--port', '70000'],
] as const)('%s %s starts nothing and names the flag', async ([flag, value]) => {
  const start = startScripted(['--headless', '--json', flag, value]);
  expect(await start.exitCode).toBe(2);
  expect(start.stderr()).toContain(`bad_arguments: ${flag}: `);
});

test('asked for help it says what can be asked for, and starts nothing', async () => {
  const start = startScripted(['--help']);
  expect(await start.exitCode).toBe(0);
  expect(start.stdout()).toBe('');
  expect(start.stderr()).toContain('--people N');
});

test('a flag that is not known starts nothing', async () => {
  const start = startScripted(['--headles']);
  expect(await start.exitCode).toBe(2);
  expect(start.stderr()).toContain('bad_arguments');
});

test('a browser and a relay that are killed are told of, the others go on, and nothing is left', async () => {
  const start = startScripted(['--headless', '--people', '2', '--json']);
  try {
    const { people } = await start.ready;
    const profiles = people.map(({ profile }) => profile);
    const base = dirname(profiles[0] ?? '');
    await killFirst(`--user-data-dir=${profiles[0]}`);
    await killFirst(`--data ${base}/relay`);
    await expect.poll(() => start.stderr(), { timeout: 20_000 }).toContain('browser of Ada died');
    await expect.poll(() => start.stderr(), { timeout: 20_000 }).toContain('relay ended');
    expect(await processesNaming(`--user-data-dir=${profiles[1]}`)).not.toEqual([]);

    expect(await start.stop('SIGINT')).toBe(0);
    expect(existsSync(base)).toBe(false);
    expect(await processesNaming(base)).toEqual([]);
  } finally {
    await start.stop();
  }
});

async function killFirst(naming: string): Promise<void> {
  const [first] = await processesNaming(naming);
  process.kill(Number(first?.trim().split(' ')[0]), 'SIGKILL');
}

test('a launcher that is killed takes its browsers and its relay with it', async () => {
  const start = startScripted(['--headless', '--people', '1', '--json']);
  const { people } = await start.ready;
  const base = dirname(people[0]?.profile ?? '');
  try {
    expect(await processesNaming(`${base}/relay`)).toHaveLength(1);
    await start.stop('SIGKILL');
    await expect.poll(() => processesNaming(base), { timeout: 20_000 }).toEqual([]);
  } finally {
    await rm(base, { recursive: true, force: true, maxRetries: 10 });
  }
});

test('someone who closes the browser and opens it again is the same person', async () => {
  await using world = await stageWorld({ people: 1 });
  const ada = world.person('Ada');
  await ada.close();
  await ada.reopen();
  const worker = await ada.serviceWorker();
  const ready = await worker.evaluate('commonplaceReady()');
  expect(ready).toEqual({ did: ada.did, name: 'Ada' });
});
