// A page's end of panel commands: one message, one Result, always within a deadline.
// A browser may stop the node at any moment and start it anew at the next message, so a command
// that found nobody home is sent once more.
import type { Result } from '../wire/failure.ts';
import { fail } from '../wire/failure.ts';
import type { PanelArgs, PanelCall, PanelCallName, PanelMessage, PanelReplies } from './panel.ts';
import { NOT_REPEATABLE } from './panel.ts';
import type { ClientRuntime } from './runtime.ts';

const DEADLINE_MS = 15_000;
/** Commands that wait for another browser or the relay, or have much to do. */
const SLOW_DEADLINE_MS = 45_000;
const SLOW: ReadonlySet<PanelCallName> = new Set([
  'joinSpace',
  'previewInvite',
  'setRelay',
  // These go through a whole log.
  'history',
  'moment',
  'exportBegin',
  'exportPiece',
  'importPiece',
  'importEnd',
  'forkSpace',
  'allowDevice',
  'removeDevice',
  'goOnHere',
]);
const RESTART_PAUSE_MS = 150;

type Sent = { readonly kind: 'reply'; readonly reply: unknown } | { readonly kind: Lost };
/** `unheard`: nobody received it. `cut`: the receiver went away before it answered. `late`: the deadline passed. */
type Lost = 'unheard' | 'cut' | 'late';

/** The way to ask the node over this runtime. */
export function createPanelCall(runtime: Pick<ClientRuntime, 'sendMessage'>): PanelCall {
  return (call, args) => callNode(runtime, call, args);
}

async function callNode<N extends PanelCallName>(
  runtime: Pick<ClientRuntime, 'sendMessage'>,
  call: N,
  args: PanelArgs[N],
): Promise<Result<PanelReplies[N]>> {
  const message: PanelMessage = { to: 'panel', call, args };
  const deadlineMs = SLOW.has(call) ? SLOW_DEADLINE_MS : DEADLINE_MS;
  let sent = await send(runtime, message, deadlineMs);
  if (sent.kind === 'unheard' || (sent.kind === 'cut' && !NOT_REPEATABLE.has(call))) {
    await new Promise((resolve) => setTimeout(resolve, RESTART_PAUSE_MS));
    sent = await send(runtime, message, deadlineMs);
  }
  return sent.kind === 'reply' && isResult<PanelReplies[N]>(sent.reply)
    ? sent.reply
    : lost(sent.kind);
}

async function send(
  runtime: Pick<ClientRuntime, 'sendMessage'>,
  message: PanelMessage,
  deadlineMs: number,
): Promise<Sent> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Sent>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'late' }), deadlineMs);
  });
  const replied = Promise.resolve()
    .then(() => runtime.sendMessage(message))
    .then((reply): Sent => (reply === undefined ? { kind: 'unheard' } : { kind: 'reply', reply }))
    .catch((error: unknown): Sent => ({ kind: lossOf(error) }));
  try {
    return await Promise.race([replied, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Both browsers word "nobody listens" this way; anything else means the channel closed under way. */
function lossOf(error: unknown): Lost {
  return /Receiving end does not exist/i.test(String(error)) ? 'unheard' : 'cut';
}

/** The node is ours: that it answered with a Result is enough to know. */
function isResult<T>(reply: unknown): reply is Result<T> {
  return typeof reply === 'object' && reply !== null && 'ok' in reply;
}

function lost(kind: Sent['kind']): Result<never> {
  if (kind === 'late') {
    return fail(
      'timeout',
      'Commonplace has not answered yet. It may still finish what you asked.',
      'Look whether it has happened, then try again.',
    );
  }
  return fail(
    'closed',
    'The browser restarted Commonplace before it could answer.',
    'Look whether it has happened, then try again.',
  );
}
