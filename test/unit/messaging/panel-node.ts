// A node of a few lines for messaging tests: handlers that answer null unless told otherwise, a feed that a test drives.
import { z } from 'zod';
import type { PanelFeed, PanelHandlers, Subscription } from '../../../lib/messaging/panel.ts';
import { panelArgs } from '../../../lib/messaging/panel.ts';
import type { PanelState } from '../../../lib/messaging/panel-state.ts';
import { ok } from '../../../lib/wire/failure.ts';
import { empty } from '../../support/panel-states.ts';

export function handlersThat(overrides: Partial<PanelHandlers>): PanelHandlers {
  const names = z.object(panelArgs).keyof().options;
  const silent = z
    .custom<PanelHandlers>()
    .parse(Object.fromEntries(names.map((name) => [name, () => Promise.resolve(ok(null))])));
  return { ...silent, ...overrides };
}

export interface DrivenFeed extends PanelFeed {
  change(): void;
  readonly reads: Subscription[];
  readonly listeners: number;
}

export function feedOf(
  read: (subscription: Subscription) => Promise<PanelState> = () => Promise.resolve(empty),
): DrivenFeed {
  const listeners = new Set<() => void>();
  const reads: Subscription[] = [];
  return {
    reads,
    read(subscription) {
      reads.push(subscription);
      return read(subscription);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change: () => listeners.forEach((listener) => listener()),
    get listeners() {
      return listeners.size;
    },
  };
}
