// The epoch keys of one device, learnt from the control log: wraps that are sealed to it, and the chain back from there.
import { equalBytes } from '../wire/bytes.ts';
import type { ComplaintReason } from '../wire/complaint.ts';
import type { WrapEpoch } from '../wire/control-epoch.ts';
import { currentEpoch, type ControlState } from './control-state.ts';
import { isSecretOf } from './epoch-secrets.ts';
import type { GroupKeys } from './group-keys.ts';
import { holdSecrets } from './held-secrets.ts';
import type { StoredWrapKey } from './wrap-key.ts';
import { openWrap } from './wraps.ts';

export interface WrapEpochKeysOptions {
  /** Height 0, or a height at which `secrets` were known. */
  readonly state: ControlState;
  /** 32 bytes: this device's Ed25519 key. */
  readonly device: Uint8Array;
  readonly wrapKey: StoredWrapKey;
  /** From storage; trusted. */
  readonly secrets: ReadonlyMap<number, Uint8Array>;
}

export function wrapEpochKeys(options: WrapEpochKeysOptions): GroupKeys {
  let state = options.state;
  const held = holdSecrets(() => state, options.secrets);
  const openOwnWrap = async (part: WrapEpoch): Promise<ComplaintReason | null> => {
    const wrap = part.wraps.find(({ device }) => equalBytes(device, options.device));
    if (wrap === undefined || held.has(part.number)) return null;
    const { number: epoch, commitment } = part;
    const context = { space: state.space, epoch, commitment, device: options.device };
    const opened = await openWrap(wrap, options.wrapKey, context);
    if (!opened.ok) return 'does_not_open';
    const promised = await isSecretOf(part, state.space, opened.value);
    if (!promised) return 'wrong_secret';
    held.hold(epoch, opened.value);
    return null;
  };
  return {
    ...held,
    mls: null,
    current: () => currentEpoch(state).number,
    follow: async ({ control: { entry }, state: next }) => {
      if (!equalBytes(entry.prev, state.head)) return null;
      state = next;
      const { epoch } = entry;
      if (epoch?.scheme !== 'wrap') return null;
      held.link(epoch.number, epoch.previous);
      const complaint = await openOwnWrap(epoch);
      const broken = await held.followChain(epoch.number);
      return complaint ?? (broken === epoch.number ? 'wrong_previous' : null);
    },
  };
}
