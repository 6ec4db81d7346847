// A state of the control log while the acts of one entry change it.
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { LogPoint, Promotion } from '../wire/control-parts.ts';
import { ok, type Result } from '../wire/failure.ts';
import type {
  Checkpoint,
  ControlState,
  Device,
  ForkCut,
  GoneDevice,
  KeyId,
  Person,
} from './control-state.ts';

export interface Draft {
  /** The state that the entry is applied to. */
  readonly before: ControlState;
  /** Of the entry that is being applied. */
  readonly height: number;
  readonly persons: Map<KeyId, Person>;
  readonly devices: Map<KeyId, Device>;
  readonly gone: Map<KeyId, GoneDevice>;
  readonly cuts: Map<KeyId, readonly ForkCut[]>;
  readonly promoted: Map<string, Promotion>;
  policy: ControlState['policy'];
  checkpoint: Checkpoint | null;
}

export type Applied = Result<null>;

export const DONE: Applied = ok(null);

export function draftOf(state: ControlState): Draft {
  return {
    before: state,
    height: state.height + 1,
    persons: new Map(state.persons),
    devices: new Map(state.devices),
    gone: new Map(state.gone),
    cuts: new Map(state.cuts),
    promoted: new Map(state.promoted),
    policy: state.policy,
    checkpoint: state.checkpoint,
  };
}

/** Whether all that is certified of a device's log, by a checkpoint or a settled fork, lies at or below a point. */
export function keepsCertified({ checkpoint, cuts }: Draft, point: LogPoint): boolean {
  const head = checkpoint?.heads.find(({ device }) => equalBytes(device, point.device));
  const cut = cuts.get(toHex(point.device))?.at(-1);
  return isAtOrBeyond(point, head) && isAtOrBeyond(point, cut);
}

/** Of two points of one log, whether the first is the second or lies beyond it. */
export function isAtOrBeyond(
  point: Omit<LogPoint, 'device'>,
  other: Omit<LogPoint, 'device'> | undefined,
): boolean {
  if (other === undefined || point.seq > other.seq) return true;
  return point.seq === other.seq && sameHash(point.hash, other.hash);
}

function sameHash(one: Uint8Array | null, other: Uint8Array | null): boolean {
  return one === null || other === null ? one === other : equalBytes(one, other);
}
