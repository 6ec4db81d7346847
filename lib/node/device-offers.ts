// Showing a code by which another device of this person may come in, and what the person at this one has to say to it.
import { certifyWithPhrase } from '../identity/enrolment.ts';
import { hostPairing } from '../identity/pairing.ts';
import type { PairingGift, PairingMeeting } from '../identity/pairing-checks.ts';
import { createPairingOffer, PAIRING_LIFETIME_MS } from '../identity/pairing-code.ts';
import type { PairingPipe } from '../identity/pairing-inbox.ts';
import type { OfferView } from '../messaging/panel-state.ts';
import type { RecordStore } from '../store/record-store.ts';
import { fail, ok, type Failure, type Result } from '../wire/failure.ts';
import { openMeeting, type Meeting } from './meeting.ts';
import { readPhrase } from './profile.ts';
import type { Stewardship } from './stewardship.ts';
import { takeIn, type TakingIn } from './take-in.ts';

export interface DeviceOffersOptions extends TakingIn {
  readonly records: RecordStore;
  readonly stewardship: Stewardship;
  readonly changed: () => void;
  readonly now: () => number;
}

/** A device that proved that it knows the code, and waits for the person here. */
interface Guest {
  readonly meeting: PairingMeeting;
  readonly answer: (gift: Result<PairingGift>) => void;
}

interface Offer {
  readonly offer: ReturnType<typeof createPairingOffer>;
  readonly ended: AbortController;
  readonly meeting: Meeting;
  /** Conversations with whoever came; each says that it is over before the meeting is left. */
  readonly talks: Promise<void>[];
  guest: Guest | null;
  outcome: { readonly label: string; readonly failure: Failure | null } | null;
}

export class DeviceOffers {
  readonly #options: DeviceOffersOptions;
  #current: Offer | null = null;

  constructor(options: DeviceOffersOptions) {
    this.#options = options;
  }

  view(): OfferView | null {
    if (this.#current === null) return null;
    const { offer, guest, outcome, meeting } = this.#current;
    const { text: code, expiresAt } = offer;
    return {
      code,
      relay: this.#options.settings.relay(),
      isReachable: meeting.relay().state === 'connected',
      expiresAt,
      step: outcome !== null ? 'over' : guest === null ? 'waiting' : 'compare',
      digits: guest?.meeting.digits ?? null,
      label: guest?.meeting.label ?? outcome?.label ?? null,
      needsPhrase: guest?.meeting.certificate === null,
      failure: outcome?.failure ?? null,
    };
  }

  /** Shows a new code. Failure: `permission_denied` (another device of the person decides about devices). */
  async begin(): Promise<Result<null>> {
    const { spaces, stewardship, settings, now, changed } = this.#options;
    await this.cancel();
    if (!stewardship.decidesAlone(spaces.home())) return ANOTHER_DECIDES;
    const offer = createPairingOffer(now());
    const meeting = await openMeeting(offer.secret, settings.relay(), now);
    const ended = new AbortController();
    const current: Offer = { offer, ended, meeting, talks: [], guest: null, outcome: null };
    this.#current = current;
    meeting.onRelay(changed);
    meeting.onGuest((pipe) => void current.talks.push(this.#receive(current, pipe)));
    await meeting.host();
    const timer = setTimeout(() => this.#end(current, null, EXPIRED), PAIRING_LIFETIME_MS);
    ended.signal.addEventListener('abort', () => clearTimeout(timer));
    changed();
    return ok(null);
  }

  /**
   * The person's word on the device that came: that both screens show the same, and the phrase where it is needed and not
   * kept here. Failures: `not_found` (nobody waits), `malformed`, `unauthenticated` (the phrase), those of `takeIn`; the
   * device waits on, so that the person can try again.
   */
  async allow(typed: string | null): Promise<Result<null>> {
    const guest = this.#current?.guest ?? null;
    if (guest === null) return NOBODY;
    const certificate = await this.#certify(guest.meeting, typed);
    if (!certificate.ok) return certificate;
    const gift = await takeIn(this.#options, guest.meeting, certificate.value);
    if (gift.ok) guest.answer(gift);
    return gift.ok ? ok(null) : gift;
  }

  /** Sends away whoever waits, and takes the code down. */
  async cancel(): Promise<void> {
    const current = this.#current;
    this.#current = null;
    if (current === null) return;
    current.guest?.answer(DECLINED);
    this.#leave(current);
  }

  async #receive(current: Offer, pipe: PairingPipe): Promise<void> {
    const { profile, now } = this.#options;
    const { signer, certificate } = profile();
    const paired = await hostPairing(pipe, {
      offer: current.offer,
      signer,
      certificate,
      admit: (meeting) => this.#admit(current, meeting),
      now,
      signal: current.ended.signal,
    });
    if (paired.ok) this.#end(current, paired.value.label, null);
    // Whoever did not know the code was turned away, and the one who does may still come.
    else if (current.guest !== null) this.#end(current, null, paired.failure);
  }

  #admit(current: Offer, meeting: PairingMeeting): Promise<Result<PairingGift>> {
    const { promise, resolve } = Promise.withResolvers<Result<PairingGift>>();
    current.guest = { meeting, answer: resolve };
    this.#options.changed();
    return promise;
  }

  #end(current: Offer, label: string | null, failure: Failure | null): void {
    if (current.outcome !== null || current.ended.signal.aborted) return;
    current.outcome = { label: label ?? current.guest?.meeting.label ?? '', failure };
    current.guest = null;
    this.#leave(current);
  }

  #leave({ ended, talks, meeting }: Offer): void {
    ended.abort();
    void Promise.allSettled(talks).then(() => meeting.leave());
    this.#options.changed();
  }

  async #certify(meeting: PairingMeeting, typed: string | null): Promise<Result<Uint8Array>> {
    if (meeting.certificate !== null) return ok(meeting.certificate);
    const { records, now } = this.#options;
    const phrase = typed ?? (await readPhrase(records)) ?? '';
    return certifyWithPhrase(phrase, meeting.person, meeting.deviceKey, now());
  }
}

const EXPIRED = fail(
  'timeout',
  'The code has run out; it is good for five minutes.',
  'Show a new code and enter that one.',
).failure;

const NOBODY = fail(
  'not_found',
  'No device waits for this any more.',
  'Show a new code and enter it on the other device.',
);

const DECLINED = fail(
  'permission_denied',
  'The device was not added.',
  'Show a new code to start again.',
);

const ANOTHER_DECIDES = fail(
  'permission_denied',
  'Another of your browsers decides about your devices.',
  'Add the new device there. If you have lost it, remove it from the list first; then this one decides.',
);
