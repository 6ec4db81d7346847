// The epoch keys of one device, learnt from the control log: wraps that are sealed to it, and the chain back from there.
import { equalBytes } from '../wire/bytes.ts';
import type { ComplaintReason } from '../wire/complaint.ts';
import type { EpochPart, SealedSecret } from '../wire/control-epoch.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { TakenControl } from './control-log.ts';
import { currentEpoch, type ControlState } from './control-state.ts';
import { keysOfSecret, unknownEpoch, type EpochKeys, type KeysOfSecret } from './epoch-keys.ts';
import { isSecretOf, openPrevious } from './epoch-secrets.ts';
import type { StoredWrapKey } from './wrap-key.ts';
import { openWrap } from './wraps.ts';

export interface WrapEpochKeys extends EpochKeys {
  /**
   * Follows the control log by its next entry, in order from height 1; others are passed over. Gives what the device
   * has to complain about, if anything: then it has no key from this entry.
   */
  follow(next: Pick<TakenControl, 'control' | 'state'>): Promise<ComplaintReason | null>;
  /**
   * Takes a secret that came another way, from another device of the same person or out of storage.
   * Failures: `not_found` (no such epoch yet), `bad_signature` (not the promised secret).
   */
  learn(epoch: number, secret: Uint8Array): Promise<Result<null>>;
  /** Every secret held, by epoch: to be stored, and to be handed to another device of the same person. */
  secrets(): ReadonlyMap<number, Uint8Array>;
}

export interface WrapEpochKeysOptions {
  /** Height 0, or a height at which `secrets` were known. */
  readonly state: ControlState;
  /** 32 bytes: this device's Ed25519 key. */
  readonly device: Uint8Array;
  readonly wrapKey: StoredWrapKey;
  /** From storage; trusted. */
  readonly secrets: ReadonlyMap<number, Uint8Array>;
}

interface Held {
  readonly secret: Uint8Array;
  readonly keys: KeysOfSecret;
}

export function wrapEpochKeys(options: WrapEpochKeysOptions): WrapEpochKeys {
  const held = new Map<number, Held>();
  const links = new Map<number, SealedSecret>();
  let state = options.state;
  const hold = (epoch: number, secret: Uint8Array): void => {
    held.set(epoch, { secret, keys: keysOfSecret(secret, epoch) });
  };
  for (const [epoch, secret] of options.secrets) hold(epoch, secret);

  const openOwnWrap = async (part: EpochPart): Promise<ComplaintReason | null> => {
    const wrap = part.wraps.find(({ device }) => equalBytes(device, options.device));
    if (wrap === undefined || held.has(part.number)) return null;
    const { number: epoch, commitment } = part;
    const context = { space: state.space, epoch, commitment, device: options.device };
    const opened = await openWrap(wrap, options.wrapKey, context);
    if (!opened.ok) return 'does_not_open';
    const promised = await isSecretOf(part, state.space, opened.value);
    if (!promised) return 'wrong_secret';
    hold(epoch, opened.value);
    return null;
  };
  /** Down the chain, as far as links lead. The first link is looked at even by who needs it not, for the sake of newcomers. */
  const followChain = async (from: number): Promise<number | null> => {
    for (let number = from; number > 0; number -= 1) {
      const above = held.get(number);
      const link = links.get(number);
      const epoch = state.epochs[number - 1];
      if (above === undefined || link === undefined || epoch === undefined) return null;
      if (number !== from && held.has(number - 1)) continue;
      const opened = await openPrevious({ space: state.space, number }, above.secret, link);
      if (opened === null || !(await isSecretOf(epoch, state.space, opened))) return number;
      hold(number - 1, opened);
    }
    return null;
  };
  const withKeys = async <T>(
    epoch: number,
    take: (keys: KeysOfSecret) => Promise<T>,
  ): Promise<Result<T>> => {
    const found = held.get(epoch);
    return found === undefined ? unknownEpoch(epoch) : ok(await take(found.keys));
  };
  return {
    current: () => currentEpoch(state).number,
    authorKey: (epoch, author) => withKeys(epoch, (keys) => keys.authorKey(author)),
    presenceKey: (epoch) => withKeys(epoch, (keys) => keys.presenceKey()),
    accessSigner: (epoch) => withKeys(epoch, (keys) => keys.accessSigner()),
    secrets: () => new Map([...held].map(([epoch, { secret }]) => [epoch, secret])),
    learn: async (number, secret) => {
      const epoch = state.epochs[number];
      if (epoch === undefined) return unknownEpochYet(number);
      if (!(await isSecretOf(epoch, state.space, secret))) return wrongSecret();
      hold(number, secret);
      await followChain(number);
      return ok(null);
    },
    follow: async (next) => {
      const { entry } = next.control;
      if (!equalBytes(entry.prev, state.head)) return null;
      state = next.state;
      if (entry.epoch === null) return null;
      if (entry.epoch.previous !== null) links.set(entry.epoch.number, entry.epoch.previous);
      const complaint = await openOwnWrap(entry.epoch);
      const broken = await followChain(entry.epoch.number);
      return complaint ?? (broken === entry.epoch.number ? 'wrong_previous' : null);
    },
  };
}

function unknownEpochYet(epoch: number): Result<never> {
  return fail(
    'not_found',
    `The control log does not speak of epoch ${epoch} yet.`,
    'Try again after the next sync.',
  );
}

function wrongSecret(): Result<never> {
  return fail(
    'bad_signature',
    'This is not the secret that the stewards certified for this epoch.',
    'Nothing was changed. Ask a steward for a new key.',
  );
}
