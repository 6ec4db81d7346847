// Becoming a device of someone who has another one: from the code that was typed here to the profile that comes of it.
import { enrol } from '../group/statements.ts';
import { joinPairing } from '../identity/pairing.ts';
import type { Enrolment, PairingMeeting } from '../identity/pairing-checks.ts';
import { parsePairingText } from '../identity/pairing-code.ts';
import type { PairingPipe } from '../identity/pairing-inbox.ts';
import { signerOfDevice } from '../identity/signer.ts';
import type { JoiningView } from '../messaging/joining-state.ts';
import type { RecordStore } from '../store/record-store.ts';
import { fail, ok, type Failure, type Result } from '../wire/failure.ts';
import { relayAddress } from '../wire/invite.ts';
import { openMeeting, type Meeting } from './meeting.ts';
import { adoptProfile, createNewDevice, type NewDevice, type Profile } from './profile.ts';
import type { Settings } from './settings.ts';

export interface DeviceJoiningOptions {
  readonly records: RecordStore;
  readonly settings: Settings;
  readonly label: string;
  readonly onJoined: (profile: Profile) => Promise<unknown>;
  readonly changed: () => void;
  readonly now: () => number;
}

interface Attempt {
  readonly ended: AbortController;
  step: JoiningView['step'];
  digits: string | null;
  answer: ((same: boolean) => void) | null;
  failure: Failure | null;
}

/** How long the device that shows the code may take to be heard of. */
const FIND_MS = 20_000;

export class DeviceJoining {
  readonly #options: DeviceJoiningOptions;
  #attempt: Attempt | null = null;

  constructor(options: DeviceJoiningOptions) {
    this.#options = options;
  }

  view(): JoiningView | null {
    if (this.#attempt === null) return null;
    const { step, digits, failure } = this.#attempt;
    return { step, digits, failure };
  }

  /** Failures: `malformed` (no such code), `bad_arguments` (no such relay). What comes of it is told by `view`. */
  begin(code: string, relay: string | null): Result<null> {
    const secret = parsePairingText(code);
    if (!secret.ok) return secret;
    const address = relay === null ? this.#options.settings.relay() : relayAddress(relay);
    if (address === null) return NOT_A_RELAY;
    this.cancel();
    const ended = new AbortController();
    const attempt: Attempt = { ended, step: 'meeting', digits: null, answer: null, failure: null };
    this.#attempt = attempt;
    this.#options.changed();
    void this.#run(attempt, secret.value, address);
    return ok(null);
  }

  /** Whether both screens show the same. Failure: `not_found`. */
  confirm(same: boolean): Result<null> {
    const answer = this.#attempt?.answer ?? null;
    if (answer === null) return NOTHING_TO_CONFIRM;
    answer(same);
    return ok(null);
  }

  cancel(): Result<null> {
    this.#attempt?.ended.abort();
    this.#attempt = null;
    this.#options.changed();
    return ok(null);
  }

  async #run(attempt: Attempt, secret: Uint8Array, relay: string): Promise<void> {
    const meeting = await openMeeting(secret, relay, this.#options.now);
    const found = await hostIn(meeting, attempt.ended.signal);
    const profile = found.ok ? await this.#join(attempt, found.value, { secret, relay }) : found;
    // Before all else this device is a device: that the other hears of it can wait.
    if (profile.ok) await this.#options.onJoined(profile.value);
    else this.#move(attempt, { step: 'failed', failure: profile.failure, answer: null });
    if (profile.ok && this.#attempt === attempt) this.cancel();
    await meeting.leave();
  }

  async #join(
    attempt: Attempt,
    pipe: PairingPipe,
    { secret, relay }: { readonly secret: Uint8Array; readonly relay: string },
  ): Promise<Result<Profile>> {
    const keys = await createNewDevice();
    const signer = await signerOfDevice(keys.device);
    const own = await enrol(signer, new Uint8Array(), keys.wrapKey.publicKey);
    let kept: Result<Profile> = NOTHING_KEPT;
    const joined = await joinPairing(pipe, {
      secret,
      signer,
      wrapKey: own.wrapKey,
      wrapSignature: own.signature,
      label: this.#options.label,
      certificate: null,
      confirm: (meeting) => this.#compare(attempt, meeting),
      keep: async (enrolment) => {
        kept = await this.#keep(keys, enrolment, relay);
        return kept.ok ? ok(undefined) : kept;
      },
      signal: attempt.ended.signal,
    });
    return joined.ok ? kept : joined;
  }

  async #keep(keys: NewDevice, enrolment: Enrolment, relay: string): Promise<Result<Profile>> {
    const { records, settings } = this.#options;
    const { person, name, certificate, home } = enrolment;
    await settings.setRelay(relay);
    return adoptProfile(records, { ...keys, person, name, certificate, home });
  }

  async #compare(attempt: Attempt, { digits }: PairingMeeting): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#move(attempt, { step: 'compare', digits, answer: resolve });
    const same = await promise;
    this.#move(attempt, { step: 'waiting', answer: null });
    return same;
  }

  #move(attempt: Attempt, to: Partial<Attempt>): void {
    Object.assign(attempt, to);
    this.#options.changed();
  }
}

/** Failures: `offline`, `not_found`, `cancelled`. */
async function hostIn(meeting: Meeting, signal: AbortSignal): Promise<Result<PairingPipe>> {
  const timeout = AbortSignal.any([signal, AbortSignal.timeout(FIND_MS)]);
  const { promise, resolve } = Promise.withResolvers<null>();
  timeout.addEventListener('abort', () => resolve(null), { once: true });
  const pipe = await Promise.race([meeting.toHost, promise]);
  if (pipe !== null) return ok(pipe);
  if (signal.aborted) return CANCELLED;
  return meeting.relay().state === 'connected' ? NOBODY_THERE : NO_RELAY;
}

const NOT_A_RELAY = fail(
  'bad_arguments',
  'This is not the address of a relay.',
  'Enter the address that the other device shows beside the code.',
);

const NOTHING_TO_CONFIRM = fail(
  'not_found',
  'Nothing waits for this answer any more.',
  'Start again with a new code.',
);

const NOTHING_KEPT = fail(
  'internal',
  'Nothing of the other device was kept.',
  'Start again with a new code.',
);

const CANCELLED = fail(
  'cancelled',
  'Adding this browser was cancelled.',
  'Enter a code to start again.',
);

const NOBODY_THERE = fail(
  'not_found',
  'No device shows this code now. It may have run out, or the other device may be offline.',
  'Show a new code there, keep its page open, and enter the new code here.',
);

const NO_RELAY = fail(
  'offline',
  'The relay cannot be reached from here, so the two devices cannot meet.',
  'Check the address of the relay and your connection, then try again.',
);
