// The past that a page shows: the rows around the chosen step, and the space after it. Answers to an older question than
// the last one are passed over, so that dragging the slider ends where it was let go.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { HistoryView, MomentView } from '../../lib/messaging/past.ts';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { Failure } from '../../lib/wire/failure.ts';

/** Rows that stand on the page at once. */
export const ROWS_AT_ONCE = 50;
/** A slider that is still moving asks for nothing. */
const SETTLE_MS = 80;

export interface ShownPast {
  /** Null until the log has been read. */
  readonly history: HistoryView | null;
  /** How many steps count, from 1 to all of them. */
  readonly after: number;
  readonly moment: MomentView | null;
  readonly failure: Failure | null;
  readonly busy: boolean;
  readonly choose: (after: number) => void;
  readonly readAgain: () => void;
}

export function usePast(ask: PanelCall, spaceId: string): ShownPast {
  const [history, setHistory] = useState<HistoryView | null>(null);
  const [moment, setMoment] = useState<MomentView | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [after, setAfter] = useState(0);
  const [busy, setBusy] = useState(false);
  const asked = useRef(0);

  const look = async (wanted: number): Promise<void> => {
    const turn = (asked.current += 1);
    const from = Math.max(0, Math.floor((wanted - 1) / ROWS_AT_ONCE) * ROWS_AT_ONCE);
    const rows = await ask('history', { spaceId, from, count: ROWS_AT_ONCE, newest: false });
    const then = rows.ok ? await ask('moment', { spaceId, after: wanted }) : rows;
    if (turn !== asked.current) return;
    setFailure(then.ok ? null : then.failure);
    if (rows.ok) setHistory(rows.value);
    if (then.ok) setMoment(then.value);
  };
  const begin = async (): Promise<void> => {
    setBusy(true);
    const first = await ask('history', { spaceId, from: 0, count: 0, newest: true });
    setBusy(false);
    if (!first.ok) return setFailure(first.failure);
    setAfter(first.value.total);
    await look(first.value.total);
  };
  useEffect(() => void begin(), [spaceId]);
  useEffect(() => {
    if (history === null) return undefined;
    const timer = setTimeout(() => void look(after), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [after]);
  const choose = (wanted: number) => setAfter(Math.min(Math.max(1, wanted), history?.total ?? 1));
  return { history, after, moment, failure, busy, choose, readAgain: () => void begin() };
}
