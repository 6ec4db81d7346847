// What a state of the control log settles about the logs of devices: certified heads, settled forks, ends by removal.
import type { LogPlace, SettledLog, SettledLogs } from '../log/settlement.ts';
import { fromHex, toHex } from '../wire/bytes.ts';
import type { LogPoint } from '../wire/control-parts.ts';
import type { ControlState } from './control-state.ts';
import { anchorsOf } from './permissions.ts';

const known = new WeakMap<ControlState, SettledLogs>();

/** The same value for the same state. */
export function settledIn(state: ControlState): SettledLogs {
  const settled = known.get(state) ?? settle(state);
  known.set(state, settled);
  return settled;
}

function settle(state: ControlState): SettledLogs {
  const settled = new Map<string, SettledLog>();
  for (const head of state.checkpoint?.heads ?? []) {
    settled.set(toHex(head.device), { keep: placeOf(head), ends: [] });
  }
  for (const id of [...state.cuts.keys(), ...state.gone.keys()]) {
    const device = fromHex(id);
    if (device !== null) settled.set(id, settledLog(state, id, device));
  }
  return settled;
}

function settledLog(state: ControlState, id: string, device: Uint8Array): SettledLog {
  const ends = (state.cuts.get(id) ?? []).map(({ segment, seq }) => ({ segment, seq }));
  return { keep: placeOf(anchorsOf(state, device).at(-1)), ends };
}

function placeOf(point: LogPoint | undefined): LogPlace | null {
  return point === undefined || point.hash === null ? null : { seq: point.seq, hash: point.hash };
}
