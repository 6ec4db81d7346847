// The command line program. In `mcp` and `host` mode stdout carries a protocol, so everything that is for
// people goes to stderr there. Each command loads only what it needs: agents wait for `mcp` to start.
import { Command, InvalidArgumentError, Option } from 'commander';
import { isAgentName } from '../lib/wire/bridge.ts';
import type { Failure } from '../lib/wire/failure.ts';
import { BROWSER_NAMES, type BrowserName } from './browsers.ts';
import { defaultHome } from './home.ts';

function report({ code, message, remedy }: Failure): void {
  process.stderr.write(`commonplace: ${code}: ${message}\n  Try: ${remedy}\n`);
  process.exitCode = 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

interface McpFlags {
  home: string;
  name?: string;
  wait: number;
}

async function mcp({ home, name, wait }: McpFlags): Promise<void> {
  const { runMcp } = await import('./mcp.ts');
  const { stdin: input, stdout: output } = process;
  await runMcp({ home, name: name ?? null, input, output, graceMs: wait * 1000 });
  process.exit();
}

async function host({ home }: { home: string }): Promise<void> {
  const { runHost } = await import('./host.ts');
  const ended = await runHost({ home, input: process.stdin, output: process.stdout });
  if (!ended.ok) report(ended.failure);
  // The last words to the browser leave before the process does.
  process.stdout.end(() => process.exit());
}

interface InstallFlags {
  home: string;
  browser: BrowserName[];
  userDataDir?: string;
}

async function install({ home, browser, userDataDir }: InstallFlags): Promise<void> {
  const { install: installHost } = await import('./install.ts');
  const program = process.argv[1] ?? '';
  const node = process.execPath;
  const written = await installHost({ home, browsers: browser, userDataDir, node, program });
  if (!written.ok) return report(written.failure);
  for (const path of written.value) print(path);
  print('Restart the browser. Browsers from Snap or Flatpak may not be able to start the host.');
}

async function uninstall({ browser }: { browser: BrowserName[] }): Promise<void> {
  const { uninstall: uninstallHost } = await import('./install.ts');
  for (const path of await uninstallHost(browser)) print(`removed ${path}`);
}

async function status({ home }: { home: string }): Promise<void> {
  const { bridgeStatus } = await import('./status.ts');
  const hops = await bridgeStatus(home);
  for (const { name, failure, detail } of hops) {
    print(`${failure === null ? 'ok    ' : 'broken'}  ${name}: ${detail}`);
    if (failure !== null) print(`        ${failure.remedy}`);
  }
  if (hops.at(-1)?.failure !== null) process.exitCode = 1;
}

interface RelayFlags {
  port: number;
  host: string;
  data: string;
  json: boolean;
}

async function relay({ port, host: address, data, json }: RelayFlags): Promise<void> {
  const { runRelay } = await import('../relay/main.ts');
  const ran = await runRelay({ port, host: address, dataDir: data, json });
  if (!ran.ok) report(ran.failure);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('Expected a port from 0 to 65535.');
}

function seconds(text: string): number {
  const value = Number(text);
  if (value >= 0 && value <= 600) return value;
  throw new InvalidArgumentError('Expected seconds from 0 to 600.');
}

function agentName(text: string): string {
  if (isAgentName(text)) return text;
  throw new InvalidArgumentError('Expected up to 64 letters, digits, dots, dashes, underscores.');
}

function homeOption(): Option {
  return new Option('--home <dir>', 'directory that browser and agents share').default(
    defaultHome(),
    '~/.commonplace/bridge',
  );
}

function browserOption(): Option {
  return new Option('--browser <names...>', 'for which browsers')
    .choices(BROWSER_NAMES)
    .default([...BROWSER_NAMES]);
}

function buildProgram(): Command {
  const program = new Command('commonplace')
    .description('Connects agents on this computer to Commonplace in the browser.')
    .showHelpAfterError();
  addBridgeCommands(program);
  addSetupCommands(program);
  addRelayCommand(program);
  return program;
}

function addBridgeCommands(program: Command): void {
  program
    .command('mcp')
    .description('MCP over stdio: what an MCP client spawns')
    .addOption(homeOption())
    .option('--name <name>', 'name of the agent’s key (as its client calls itself)', agentName)
    .option('--wait <seconds>', 'how long a request waits for the browser', seconds, 10)
    .action(mcp);
  program
    .command('host')
    .description('native messaging host: started by the browser')
    .argument('[origin...]', 'who started us, as browsers say it')
    .addOption(homeOption())
    .allowUnknownOption()
    .action((_origin: string[], flags: { home: string }) => host(flags));
}

function addSetupCommands(program: Command): void {
  program
    .command('install')
    .description('make the native host known to browsers')
    .addOption(homeOption())
    .addOption(browserOption())
    .option('--user-data-dir <dir>', 'only for one Chromium profile directory')
    .action(install);
  program
    .command('uninstall')
    .description('make the native host unknown again; keys stay')
    .addOption(browserOption())
    .action(uninstall);
  program
    .command('status')
    .description('say at which hop the way to the browser ends')
    .addOption(homeOption())
    .action(status);
}

function addRelayCommand(program: Command): void {
  program
    .command('relay')
    .description('run a relay')
    .option('--port <number>', '0 for any free one', portNumber, 8787)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--data <dir>', 'directory of its database', 'relay-data')
    .option('--json', 'one line of JSON when ready', false)
    .action(relay);
}

await buildProgram().parseAsync();
