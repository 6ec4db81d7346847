// What a person's devices say about each other: in the home space among themselves, in shared spaces to the stewards.
import { isBytes, isCount, type CborValue } from '../wire/cbor.ts';
import { parseEnrolment, type Enrolment } from '../wire/control-parts.ts';
import { MAX_GENESIS_BYTES } from '../wire/sync-message.ts';
import type { OpenedEntry } from '../space/opened-entry.ts';
import type { EpochSecret } from './space-record.ts';

/** In the home space: a device of this person, with all that lets it into a space. */
export const OWN_DEVICE = 'own_device';
/** In the home space: the person's signed word that a device is none of theirs any more. */
export const OWN_DEVICE_REMOVED = 'own_device_removed';
/** In the home space: a space that this person is in, and what opens it. */
export const OWN_SPACE = 'own_space';
/** In a shared space, by a member: one more device of theirs. */
export const DEVICE = 'device';
/** In a shared space: a person's signed word that a device is none of theirs any more. */
export const DEVICE_REMOVED = 'device_removed';

/** Whether an entry of the home space says anything of the above. */
export function isAboutDevices({ body }: OpenedEntry): boolean {
  return body.kind === 'event' && [OWN_DEVICE, OWN_DEVICE_REMOVED, OWN_SPACE].includes(body.event);
}

const MAX_LABEL_CHARS = 80;
const MAX_NAME_CHARS = 80;
const MAX_RELAY_CHARS = 2_000;
const MAX_STATEMENT_BYTES = 64 * 1024;
const MAX_SECRETS = 4_000;

export interface OwnDeviceWords {
  readonly enrolment: Enrolment;
  /** What the device calls itself: shown, never trusted. */
  readonly label: string;
}

export interface OwnSpaceWords {
  readonly genesis: Uint8Array;
  /** Base address (http) of the relay at which it meets. */
  readonly relay: string;
  readonly name: string;
  /** Ascending by epoch. */
  readonly secrets: readonly EpochSecret[];
}

export function ownDeviceWords({ enrolment, label }: OwnDeviceWords): CborValue {
  return { ...enrolmentWords(enrolment), label: label.slice(0, MAX_LABEL_CHARS) };
}

export function ownDeviceIn(entry: OpenedEntry): OwnDeviceWords | null {
  const fields = fieldsOf(entry, OWN_DEVICE);
  const enrolment = fields && enrolmentFrom(fields);
  const label = fields?.['label'];
  if (!enrolment || typeof label !== 'string' || label.length > MAX_LABEL_CHARS) return null;
  return { enrolment, label };
}

export function enrolmentWords({ certificate, wrapKey, signature, keyPackage }: Enrolment) {
  return { certificate, wrapKey, signature, keyPackage };
}

/** The device that a member of a shared space asks to have let in. Whether its keys are what they say is checked later. */
export function deviceIn(entry: OpenedEntry): Enrolment | null {
  const fields = fieldsOf(entry, DEVICE);
  return fields && enrolmentFrom(fields);
}

export function removalWords(statement: Uint8Array): CborValue {
  return { statement };
}

/** The statement in a removal of either kind of space, not verified yet. */
export function removalIn(
  entry: OpenedEntry,
  event: typeof OWN_DEVICE_REMOVED | typeof DEVICE_REMOVED,
): Uint8Array | null {
  const statement = fieldsOf(entry, event)?.['statement'];
  const isStatement = statement instanceof Uint8Array && statement.length <= MAX_STATEMENT_BYTES;
  return isStatement ? statement : null;
}

export function ownSpaceWords({ genesis, relay, name, secrets }: OwnSpaceWords): CborValue {
  const pairs = secrets.slice(-MAX_SECRETS).map(({ epoch, secret }) => [epoch, secret]);
  return { genesis, relay, name: name.slice(0, MAX_NAME_CHARS), secrets: pairs };
}

export function ownSpaceIn(entry: OpenedEntry): OwnSpaceWords | null {
  const fields = fieldsOf(entry, OWN_SPACE);
  if (fields === null) return null;
  const { genesis, relay, name, secrets } = fields;
  if (!(genesis instanceof Uint8Array) || genesis.length > MAX_GENESIS_BYTES) return null;
  if (typeof relay !== 'string' || relay.length > MAX_RELAY_CHARS) return null;
  if (typeof name !== 'string' || name.length > MAX_NAME_CHARS) return null;
  const read = secretsFrom(secrets);
  return read === null ? null : { genesis, relay, name, secrets: read };
}

function secretsFrom(list: unknown): readonly EpochSecret[] | null {
  if (!Array.isArray(list) || list.length > MAX_SECRETS) return null;
  const secrets = list.flatMap((pair: unknown): EpochSecret[] => {
    if (!Array.isArray(pair) || pair.length !== 2) return [];
    const [epoch, secret]: unknown[] = pair;
    return isCount(epoch) && isBytes(secret, 32) ? [{ epoch, secret }] : [];
  });
  const isOrdered = secrets.every(({ epoch }, i) => epoch > (secrets[i - 1]?.epoch ?? -1));
  return secrets.length === list.length && isOrdered ? secrets : null;
}

function enrolmentFrom(fields: Readonly<Record<string, unknown>>): Enrolment | null {
  const { certificate, wrapKey, signature, keyPackage } = fields;
  return parseEnrolment([certificate, wrapKey, signature, keyPackage]);
}

function fieldsOf({ body }: OpenedEntry, event: string): Readonly<Record<string, unknown>> | null {
  if (body.kind !== 'event' || body.event !== event) return null;
  const payload: unknown = body.payload;
  return typeof payload === 'object' && payload !== null ? { ...payload } : null;
}
