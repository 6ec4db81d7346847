// How much of the relay one client, one space and all of them together may use. Every limit can be set by an
// environment variable: `maxBytesPerSpace` is COMMONPLACE_RELAY_MAX_BYTES_PER_SPACE.
import { fail, ok, type Result } from '../lib/wire/failure.ts';

const MIB = 1024 * 1024;

/** Rates are averages: each allows for a burst of `burstSeconds` times as much. */
export const DEFAULT_LIMITS = {
  /** Spaces known at once; more are refused with `storage_full`. */
  maxSpaces: 100_000,
  maxBytesPerSpace: 256 * MIB,
  maxEntriesPerSpace: 500_000,
  /** A `have` message must be able to name them all. */
  maxAuthorsPerSpace: 1_000,
  maxTotalBytes: 20 * 1024 * MIB,
  /** Blobs: files and the like, counted as soon as they are announced. */
  maxBlobBytesPerSpace: 1024 * MIB,
  maxBlobsPerSpace: 10_000,
  maxTotalBlobBytes: 20 * 1024 * MIB,
  /** A blob that nobody brings or fetches for so long is forgotten; one that never came whole, sooner. */
  blobTtlDays: 90,
  partialBlobTtlDays: 1,
  /** A space that nobody opens or writes to for so long is forgotten. */
  spaceTtlDays: 180,
  /** The same for a space in which nothing was ever stored. */
  emptySpaceTtlDays: 1,

  /** Of both kinds, sync and signalling; more are answered with 503. */
  maxConnections: 10_000,
  /** An address is an IPv4 address or an IPv6 /64; more are answered with 429. */
  maxConnectionsPerAddress: 1_000,
  connectionsPerSecondPerAddress: 50,
  /** The oldest connection of the device is closed for the newest. */
  maxConnectionsPerDevice: 8,
  maxSpacesPerConnection: 500,
  newSpacesPerHourPerAddress: 240,

  /** Sync messages and bytes above these wait; the sender's window fills up and it slows down. */
  messagesPerSecond: 200,
  bytesPerSecond: 4 * MIB,
  /** Of any kind, keepalives too, on one socket; above it the socket is closed. */
  framesPerSecond: 2_000,
  /** Presence messages of one connection; more are dropped. */
  presencePerSecond: 20,
  /** Signalling messages of one connection; more are answered with an error. */
  signalsPerSecond: 20,
  burstSeconds: 10,
  /** For a request's headers to be complete. */
  requestSeconds: 10,
  /** How long a signalling message waits for someone who is not there yet. */
  letterSeconds: 5,
} as const satisfies Record<string, number>;

export type RelayLimits = { readonly [Name in keyof typeof DEFAULT_LIMITS]: number };

const PREFIX = 'COMMONPLACE_RELAY_';

/** The limits with what the environment says about them. Failure: `bad_arguments`. */
export function limitsFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Result<RelayLimits> {
  const changed: Record<string, number> = {};
  for (const name of Object.keys(DEFAULT_LIMITS)) {
    const text = environment[variableOf(name)];
    if (text === undefined) continue;
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
      return notANumber(variableOf(name), text);
    }
    changed[name] = value;
  }
  return ok({ ...DEFAULT_LIMITS, ...changed });
}

function variableOf(name: string): string {
  return PREFIX + name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function notANumber(variable: string, text: string): Result<never> {
  return fail(
    'bad_arguments',
    `${variable} is “${text.slice(0, 40)}”; expected a number above 0.`,
    'Set it to a number, or leave it out for the default.',
  );
}
