// The node's end of panel messaging. Call `servePanel` synchronously at the top of the background:
// a service worker only wakes for listeners that it registered before its first task ended.
// Messages that are not for the panel are left to other listeners.
import type { Failure, Result } from '../wire/failure.ts';
import { fail, failureOf } from '../wire/failure.ts';
import type {
  PanelCallName,
  PanelFeed,
  PanelHandlers,
  PanelReplies,
  Subscription,
  ViewPush,
} from './panel.ts';
import { VIEW_PORT, argsParsers, panelMessage, viewRequest } from './panel.ts';
import type { RuntimePort, Sender, ServerRuntime } from './runtime.ts';
import { checkShape } from '../wire/shape.ts';

/** Changes within this time travel as one snapshot. */
const COALESCE_MS = 40;

export interface PanelServer {
  /** `browser.runtime` of the background. */
  readonly runtime: ServerRuntime;
  /** What the address of every own page begins with: `new URL('/', location.href).href` in the background. */
  readonly root: string;
  readonly handlers: PanelHandlers;
  readonly feed: PanelFeed;
}

/** Serves commands and snapshots to this extension's own pages, and to nobody else. */
export function servePanel(server: PanelServer): void {
  const { runtime } = server;
  runtime.onMessage.addListener((message, sender, reply) => {
    if (!isForPanel(message)) return undefined;
    void answer(server, message, sender).then(reply);
    return true;
  });
  runtime.onConnect.addListener((port) => {
    if (port.name !== VIEW_PORT) return;
    if (isOwnPage(runtime.id, server.root, port.sender)) pushTo(port, server.feed);
    else port.disconnect();
  });
}

/**
 * True for a top-level page of this extension. A content script carries the same extension id but its
 * page's address, and a framed page could be clicked through, so both are refused.
 */
export function isOwnPage(extensionId: string, root: string, sender: Sender | undefined): boolean {
  if (sender?.id !== extensionId || (sender.frameId ?? 0) !== 0) return false;
  return sender.url?.startsWith(root) ?? false;
}

function isForPanel(message: unknown): boolean {
  return (
    typeof message === 'object' && message !== null && 'to' in message && message.to === 'panel'
  );
}

async function answer(
  server: PanelServer,
  message: unknown,
  sender: Sender,
): Promise<Result<unknown>> {
  if (!isOwnPage(server.runtime.id, server.root, sender)) {
    return fail(
      'permission_denied',
      'Only pages of Commonplace itself may give it commands.',
      'Use the side panel.',
    );
  }
  const parsed = checkShape(panelMessage, message);
  if (!parsed.success) return badArguments('The message', parsed.error.issues[0]?.message);
  try {
    return await run(server.handlers, parsed.data.call, parsed.data.args);
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

async function run<N extends PanelCallName>(
  handlers: PanelHandlers,
  call: N,
  rawArgs: unknown,
): Promise<Result<PanelReplies[N]>> {
  const args = checkShape(argsParsers[call], rawArgs);
  if (!args.success) {
    const issue = args.error.issues[0];
    return badArguments(issue?.path.join('.') || call, issue?.message);
  }
  return handlers[call](args.data);
}

function badArguments(what: string, why: string | undefined): Result<never> {
  return fail(
    'bad_arguments',
    `${what} was not as expected: ${why ?? 'unknown shape'}.`,
    'Correct it and try again.',
  );
}

/** Pushes a snapshot after each subscription and each change, one read at a time, until the page goes. */
function pushTo(port: RuntimePort, feed: PanelFeed): void {
  let wanted: Subscription | null = null;
  let open = true;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let reading = false;
  let stale = false;

  const push = async (): Promise<void> => {
    timer = null;
    if (!open || wanted === null) return;
    if (reading) {
      stale = true;
      return;
    }
    reading = true;
    const message = await snapshot(feed, wanted);
    reading = false;
    if (open) port.postMessage(message);
    if (stale) schedule(0);
    stale = false;
  };
  const schedule = (delayMs: number): void => {
    timer ??= setTimeout(() => void push(), delayMs);
  };
  const stop = feed.onChange(() => schedule(COALESCE_MS));

  port.onMessage.addListener((message) => {
    const request = checkShape(viewRequest, message);
    if (!request.success || 'ping' in request.data) return;
    wanted = request.data.subscribe;
    schedule(0);
  });
  port.onDisconnect.addListener(() => {
    open = false;
    if (timer !== null) clearTimeout(timer);
    stop();
  });
}

async function snapshot(feed: PanelFeed, wanted: Subscription): Promise<ViewPush> {
  try {
    return { state: await feed.read(wanted) };
  } catch (error) {
    const failure: Failure = failureOf(error);
    return { failure };
  }
}
