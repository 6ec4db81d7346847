// Stands where the node stands, for tests of the extension's pages alone: it serves the snapshot and the replies that
// a test has put into `storage.local`, and keeps a list of the commands it was given there.
import { browser } from 'wxt/browser';
import { z } from 'zod';
import type { PanelCallName, PanelHandlers } from '../../lib/messaging/panel.ts';
import { panelArgs } from '../../lib/messaging/panel.ts';
import type { PanelState } from '../../lib/messaging/panel-state.ts';
import { servePanel } from '../../lib/messaging/serve.ts';
import type { Result } from '../../lib/wire/failure.ts';
import { unbegun } from './panel-states.ts';

export interface StubCall {
  readonly call: PanelCallName;
  readonly args: unknown;
}

const stored = z.object({
  state: z.custom<PanelState>().optional(),
  replies: z.record(z.string(), z.custom<Result<never>>()).default({}),
  calls: z.array(z.custom<StubCall>()).default([]),
});

const read = async () => stored.parse(await browser.storage.local.get(null));

/** Fits every command's reply type: a page that needs more than null sets it with `setReplies`. */
const NOTHING: Result<never> = JSON.parse('{"ok":true,"value":null}');

async function handle(call: PanelCallName, args: unknown): Promise<Result<never>> {
  const { calls, replies } = await read();
  await browser.storage.local.set({ calls: [...calls, { call, args }] });
  return replies[call] ?? NOTHING;
}

function createHandlers(): PanelHandlers {
  const names = z.object(panelArgs).keyof().options;
  const handlers = names.map((call) => [call, (args: unknown) => handle(call, args)]);
  const made: PanelHandlers = Object.fromEntries(handlers);
  return made;
}

export function startPanelStub(): void {
  const root = new URL('/', location.href).href;
  servePanel({
    runtime: browser.runtime,
    root,
    handlers: createHandlers(),
    feed: {
      read: async () => (await read()).state ?? unbegun,
      onChange(listener) {
        browser.storage.local.onChanged.addListener(listener);
        return () => browser.storage.local.onChanged.removeListener(listener);
      },
    },
  });
}
