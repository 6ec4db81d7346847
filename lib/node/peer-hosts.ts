// The hosts of direct connections, one for each relay that they signal over, started when first needed.
import type { Backstage } from '../transport/backstage.ts';
import type { Channel } from '../transport/channel.ts';
import type { PeerHost } from '../transport/peer-host.ts';

export interface PeerHostsOptions {
  /** Where WebRTC is; null when direct connections cannot be had. */
  readonly backstage: () => Promise<Backstage | null>;
  readonly onChannel: (channel: Channel) => Promise<void>;
  readonly signal: AbortSignal;
}

export class PeerHosts {
  readonly #options: PeerHostsOptions;
  readonly #hosts = new Map<string, Promise<PeerHost | null>>();

  constructor(options: PeerHostsOptions) {
    this.#options = options;
  }

  /** Null where there is no relay, or no WebRTC. */
  async at(relay: string | null): Promise<PeerHost | null> {
    if (relay === null) return null;
    const known = this.#hosts.get(relay) ?? this.#open(relay);
    this.#hosts.set(relay, known);
    return known;
  }

  leave(relay: string): void {
    void this.#hosts.get(relay)?.then((host) => host?.close());
    this.#hosts.delete(relay);
  }

  async #open(relay: string): Promise<PeerHost | null> {
    const { onChannel, signal } = this.#options;
    const backstage = await this.#options.backstage();
    if (backstage === null || signal.aborted) return null;
    void backstage.lost.then(() => this.#hosts.delete(relay));
    const host = await backstage.openPeerHost({ relayHttpUrl: relay, onChannel, signal });
    return host.ok ? host.value : null;
  }
}
