// Everything between this node and others: relays, direct peers and presence, for all shared spaces.
import type { Session, SessionEvents } from '../sync/session-contract.ts';
import { toHex } from '../wire/bytes.ts';
import type { Failure } from '../wire/failure.ts';
import type { Head } from '../wire/sync-message.ts';
import type { BlobSources } from './blob-carrier.ts';
import { Company } from './company.ts';
import { createEcho, type Echo } from './echo.ts';
import type { NetworkOptions } from './network-options.ts';
import { PeerHosts } from './peer-hosts.ts';
import { Peers } from './peers.ts';
import { openPresence, sealPresence } from './presence.ts';
import { RelayLink, type RelayLinkState } from './relay-link.ts';
import type { HeldSpace } from './held-space.ts';

const PRESENCE_EVERY_MS = 15_000;

export class Network {
  readonly #options: NetworkOptions;
  readonly #company: Company;
  readonly #peers: Peers;
  readonly #links = new Map<string, RelayLink>();
  readonly #hosts: PeerHosts;
  readonly #echo: Echo;
  readonly #refusals = new Map<string, Failure>();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #ended = new AbortController();

  constructor(options: NetworkOptions) {
    this.#options = options;
    const { signer, replica, door, blobs, now } = options;
    this.#company = new Company(now);
    this.#echo = createEcho(now());
    this.#hosts = new PeerHosts({
      backstage: options.backstage,
      onChannel: (channel) => this.#peers.take(channel),
      signal: this.#ended.signal,
    });
    this.#peers = new Peers({
      signer,
      replica,
      door,
      blobs,
      events: this.#events(),
      spacesOf: (device) => this.#company.spacesOf(device),
      onParted: (device) => this.#parted(device),
      onChange: options.onChange,
    });
    this.#timer = setInterval(() => this.#beat(), PRESENCE_EVERY_MS);
    this.refresh();
  }

  /** Connects to the relays that are needed now and leaves the others; call after spaces or settings changed. */
  refresh(): void {
    const needed = new Set([this.#options.alwaysRelay()]);
    for (const { record } of this.#options.held()) if (record.relay) needed.add(record.relay);
    for (const [url, link] of this.#links) {
      if (needed.has(url)) continue;
      link.close();
      this.#links.delete(url);
      this.#hosts.leave(url);
    }
    for (const url of needed) if (!this.#links.has(url)) this.#links.set(url, this.#link(url));
  }

  relay(url: string): RelayLinkState | null {
    return this.#links.get(url)?.state() ?? null;
  }

  retryNow(): void {
    for (const link of this.#links.values()) link.retryNow();
  }

  /** A space was made or joined: brings it into the open connections. */
  async spaceAdded(held: HeldSpace): Promise<void> {
    this.refresh();
    await this.#linkOf(held)?.session()?.open(held.space.bytes);
  }

  spaceRemoved(held: HeldSpace): void {
    this.#linkOf(held)?.session()?.closeSpace(held.record.id);
    this.#peers.closeSpace(held.record.id);
    this.#company.forget(held.record.id);
    this.refresh();
  }

  /** How a device is in a space now, if at all. */
  via(space: string, device: string): 'direct' | 'relay' | null {
    if (this.#peers.isDirect(device, space)) return 'direct';
    const held = this.#held(space);
    const isReachable = held !== undefined && this.#linkOf(held)?.session()?.isOpen(space) === true;
    return isReachable && this.#company.isHere(space, device) ? 'relay' : null;
  }

  lastHeard(space: string, device: string): number | null {
    return this.#company.lastHeard(space, device);
  }

  /** The highest seq of an author that the relay or a peer has confirmed to hold. */
  heldElsewhere(space: string, author: string): number {
    return Math.max(0, ...this.#sessions().map((session) => session.heldByOther(space, author)));
  }

  /** Whom one can ask for blobs of a space. */
  blobSources(space: string): BlobSources {
    const open = (sessions: readonly Session[]) =>
      sessions.flatMap((session) => (session.isOpen(space) ? (session.blobs ?? []) : []));
    const held = this.#held(space);
    const relay = held && this.#linkOf(held)?.session();
    return { direct: open(this.#peers.sessions()), relay: open(relay ? [relay] : [])[0] ?? null };
  }

  /** What each of those says it holds with whom a space flows now. */
  named(space: string): ReadonlyMap<string, Head>[] {
    return this.#sessions().flatMap((session) => session.named(space) ?? []);
  }

  /** No relay can be reached by which others of a space could be heard. */
  isAlone(space: string): boolean {
    const held = this.#held(space);
    const state = held && this.#linkOf(held)?.state().state;
    return this.named(space).length === 0 && (state === undefined || state === 'offline');
  }

  /** Why the last attempt to exchange a space was refused, if it was. */
  refusalOf(space: string): Failure | null {
    return this.#refusals.get(space) ?? null;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#ended.abort();
    for (const link of this.#links.values()) link.close();
    this.#peers.close();
  }

  #events(): SessionEvents {
    const { onOpened, onProgress, onChange } = this.#options;
    return {
      onOpened: (space) => {
        void this.#announce(space, true);
        onOpened(space);
        onChange();
      },
      onProgress: (space) => {
        // Only whoever lets us in says what they hold.
        this.#refusals.delete(space);
        onProgress(space);
      },
      onPresence: (space, sealed) => void this.#hear(space, sealed),
      onRefused: (space, failure) => {
        if (space !== null) this.#refusals.set(space, failure);
        onChange();
      },
    };
  }

  #link(url: string): RelayLink {
    const { signer, replica, door, blobs, now, onChange } = this.#options;
    const spaces = () =>
      this.#options
        .held()
        .flatMap(({ record, space }) => (record.relay === url ? [space.bytes] : []));
    const link: RelayLink = new RelayLink({
      url,
      signer,
      replica,
      door,
      blobs,
      spaces,
      events: this.#events(),
      onState: onChange,
      now,
    });
    return link;
  }

  #linkOf(held: HeldSpace): RelayLink | undefined {
    return held.record.relay === null ? undefined : this.#links.get(held.record.relay);
  }

  #sessions(): readonly Session[] {
    const overRelays = [...this.#links.values()].flatMap((link) => link.session() ?? []);
    return [...overRelays, ...this.#peers.sessions()];
  }

  #held(space: string): HeldSpace | undefined {
    return this.#options.held().find(({ record }) => record.id === space);
  }

  #beat(): void {
    for (const { record } of this.#options.held()) void this.#announce(record.id, false);
    this.#options.onChange();
  }

  async #announce(space: string, asks: boolean): Promise<void> {
    const held = this.#held(space);
    const sessions = this.#sessions().filter((session) => session.isOpen(space));
    if (held === undefined || sessions.length === 0) return;
    const host = await this.#hosts.at(held.record.relay);
    const { now, signer } = this.#options;
    const presence = { peerId: host?.peerId ?? null, at: now(), asks };
    this.#echo.said(presence.at);
    const sealed = await sealPresence(presence, held.space.bytes, held.keys, signer);
    if (sealed === null) return;
    for (const session of sessions) session.sendPresence(space, sealed);
  }

  async #hear(space: string, sealed: Uint8Array): Promise<void> {
    const held = this.#held(space);
    const presence = held && (await openPresence(sealed, held.space.bytes, held.keys));
    if (!held || !presence) return;
    if (toHex(presence.device) === toHex(this.#options.signer.publicKey)) {
      if (this.#echo.isOther(presence.at)) this.#options.onTwin();
      return;
    }
    const isNew = this.#company.heard(space, presence);
    if (presence.asks) void this.#announce(space, false);
    if (isNew) this.#options.onChange();
    const host = await this.#hosts.at(held.record.relay);
    await this.#peers.meet(presence.device, presence.peerId, host);
  }

  /** Whoever is still there, by way of the relay, answers. */
  #parted(device: string): void {
    const spaces = this.#company.spacesOf(device);
    this.#company.parted(device);
    for (const space of spaces) void this.#announce(space, true);
  }
}
