// What the extension's own pages can ask about a space's past, and how spaces go out of and come into this browser.
import { fromBase64, toBase64 } from '../../wire/base64.ts';
import { fail, ok } from '../../wire/failure.ts';
import type { Desk } from '../desk.ts';
import type { DeskHandlers } from '../panel-handlers.ts';
import { exportSpace } from '../transfer/export-space.ts';
import { forkSpace } from '../transfer/fork-space.ts';
import { ArrivingSpace } from '../transfer/import-space.ts';
import { keepSpace } from '../transfer/keep-space.ts';
import { historyView, momentView } from './past-views.ts';

export function pastHandlers(desk: Desk) {
  const { spaces, pasts } = desk;
  return {
    history: async ({ spaceId, from, count, newest }) => {
      const held = spaces.find(spaceId);
      if (!held.ok) return held;
      const past = await pasts.of(held.value, newest);
      return past.ok ? historyView(desk, held.value, past.value, { from, count }) : past;
    },
    moment: async ({ spaceId, after }) => {
      const held = spaces.find(spaceId);
      if (!held.ok) return held;
      const past = await pasts.of(held.value, false);
      return past.ok ? momentView(desk, past.value, after) : past;
    },
    forkSpace: async ({ spaceId, name, after }) => {
      const held = spaces.find(spaceId);
      if (!held.ok) return held;
      const past = await pasts.of(held.value, after === null);
      if (!past.ok) return past;
      const made = await forkSpace(desk, held.value, { name, after, past: past.value });
      void desk.pages.redraw('all');
      desk.changed();
      return made.ok ? ok({ spaceId: made.value.record.id }) : made;
    },
    ...transferHandlers(desk),
  } satisfies Partial<DeskHandlers>;
}

function transferHandlers(desk: Desk) {
  const { spaces, transfers, replica, profile, now } = desk;
  return {
    exportBegin: async ({ spaceId, passphrase }) => {
      const held = spaces.find(spaceId);
      if (!held.ok) return held;
      const { signer, certificate } = profile();
      const made = { held: held.value, replica, signer, certificate, passphrase, now: now() };
      const fileName = fileNameFor(held.value.record.name, now());
      return ok({ transferId: transfers.startOut(exportSpace(made)), fileName });
    },
    exportPiece: async ({ transferId, index }) => {
      const piece = await transfers.next(transferId, index);
      return piece.ok ? ok({ data: toBase64(piece.value.data), done: piece.value.done }) : piece;
    },
    importBegin: async ({ passphrase }) =>
      ok({ transferId: transfers.startIn(new ArrivingSpace(desk, passphrase)) }),
    importPiece: async ({ transferId, index, data }) => {
      const bytes = fromBase64(data);
      return bytes === null ? NO_BYTES : transfers.push(transferId, index, bytes);
    },
    importEnd: async ({ transferId }) => {
      const sink = transfers.end(transferId);
      if (!sink.ok) return sink;
      if (!(sink.value instanceof ArrivingSpace)) return NO_BYTES;
      const read = await sink.value.finish();
      if (!read.ok) return read;
      const kept = await keepSpace(desk, read.value);
      void desk.pages.redraw('all');
      desk.changed();
      return kept;
    },
  } satisfies Partial<DeskHandlers>;
}

/** The name of the space as far as every file system takes it, and the day. */
function fileNameFor(name: string, now: number): string {
  const plain =
    name
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .trim()
      .slice(0, 60) || 'space';
  return `${plain} ${new Date(now).toISOString().slice(0, 10)}.commonplace`;
}

const NO_BYTES = fail(
  'malformed',
  'This file could not be read.',
  'Nothing was changed. Choose the file again.',
);
