// The few choices of this browser that are not in any log.
import type { RecordStore } from '../store/record-store.ts';
import { relayAddress } from '../wire/invite.ts';

/** Where a relay listens when one is started by hand on this machine without further words. */
export const DEFAULT_RELAY = 'http://127.0.0.1:8787';

const SETTINGS = 'settings';
const RELAY = 'relay';

export class Settings {
  readonly #records: RecordStore;
  #relay: string;

  private constructor(records: RecordStore, relay: string) {
    this.#records = records;
    this.#relay = relay;
  }

  /** `suggested` holds until the person chooses. */
  static async load(records: RecordStore, suggested: string | null): Promise<Settings> {
    const chosen = await records.get(SETTINGS, RELAY);
    const fallback = (suggested === null ? null : relayAddress(suggested)) ?? DEFAULT_RELAY;
    return new Settings(records, typeof chosen === 'string' ? chosen : fallback);
  }

  /** Base address, http(s). */
  relay(): string {
    return this.#relay;
  }

  async setRelay(address: string): Promise<void> {
    await this.#records.put(SETTINGS, RELAY, address);
    this.#relay = address;
  }
}
