// The secrets of epochs that a device holds, and the chain that leads from a newer one to those before it.
import type { SealedSecret } from '../wire/control-epoch.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { ControlState } from './control-state.ts';
import { keysOfSecret, unknownEpoch, type EpochKeys, type KeysOfSecret } from './epoch-keys.ts';
import { isSecretOf, openPrevious } from './epoch-secrets.ts';

export interface HeldSecrets extends Omit<EpochKeys, 'current'> {
  has(epoch: number): boolean;
  hold(epoch: number, secret: Uint8Array): void;
  /** What a control entry brought beside its epoch's key: the secret before, sealed under this one. */
  link(epoch: number, previous: SealedSecret | null): void;
  /**
   * Goes down the chain as far as links lead. The first link is looked at even by who needs it not, for the sake of
   * newcomers. Gives the epoch whose link is broken, if one is.
   */
  followChain(from: number): Promise<number | null>;
  /** Takes a secret that came another way. Failures: `not_found` (no such epoch yet), `bad_signature` (not the promised one). */
  learn(epoch: number, secret: Uint8Array): Promise<Result<null>>;
  secrets(): ReadonlyMap<number, Uint8Array>;
}

interface Held {
  readonly secret: Uint8Array;
  readonly keys: KeysOfSecret;
}

/** `state` gives the newest one that was followed; `initial` comes from storage and is trusted. */
export function holdSecrets(
  state: () => ControlState,
  initial: ReadonlyMap<number, Uint8Array>,
): HeldSecrets {
  const held = new Map<number, Held>();
  const links = new Map<number, SealedSecret>();
  const hold = (epoch: number, secret: Uint8Array): void => {
    held.set(epoch, { secret, keys: keysOfSecret(secret, epoch) });
  };
  for (const [epoch, secret] of initial) hold(epoch, secret);

  const followChain = async (from: number): Promise<number | null> => {
    const { space, epochs } = state();
    for (let number = from; number > 0; number -= 1) {
      const above = held.get(number);
      const link = links.get(number);
      const epoch = epochs[number - 1];
      if (above === undefined || link === undefined || epoch === undefined) return null;
      if (number !== from && held.has(number - 1)) continue;
      const opened = await openPrevious({ space, number }, above.secret, link);
      if (opened === null || !(await isSecretOf(epoch, space, opened))) return number;
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
    hold,
    followChain,
    has: (epoch) => held.has(epoch),
    link: (epoch, previous) => void (previous !== null && links.set(epoch, previous)),
    authorKey: (epoch, author) => withKeys(epoch, (keys) => keys.authorKey(author)),
    presenceKey: (epoch) => withKeys(epoch, (keys) => keys.presenceKey()),
    accessSigner: (epoch) => withKeys(epoch, (keys) => keys.accessSigner()),
    secrets: () => new Map([...held].map(([epoch, { secret }]) => [epoch, secret])),
    learn: async (number, secret) => {
      const { space, epochs } = state();
      const epoch = epochs[number];
      if (epoch === undefined) return unknownEpochYet(number);
      if (!(await isSecretOf(epoch, space, secret))) return wrongSecret();
      hold(number, secret);
      await followChain(number);
      return ok(null);
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
