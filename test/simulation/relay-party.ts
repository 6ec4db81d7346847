// The relay: the same replica and session code as everywhere, behind the relay's own door. It may be a deceitful one.
import { signerOfSeed, type Signer } from '../../lib/identity/signer.ts';
import { createControlLogs, type ControlLogs } from '../../lib/group/control-logs.ts';
import { createReplica, type Replica } from '../../lib/log/replica.ts';
import type { Session } from '../../lib/sync/session-contract.ts';
import { createSession } from '../../lib/sync/session.ts';
import type { Channel } from '../../lib/transport/channel.ts';
import { createRelayDoor } from '../../relay/door.ts';
import type { SpaceBook } from '../../relay/space-book.ts';
import { DECEITS, type Deceit } from './deceits.ts';
import type { Disk } from './disk.ts';
import { newDisk } from './machine.ts';
import type { Party } from './network.ts';
import type { Pipe } from './pipe.ts';
import type { Scene } from './scene.ts';

interface Running {
  readonly controlLogs: ControlLogs;
  readonly replica: Replica;
  readonly sessions: Map<Pipe, Session>;
  readonly cut: () => void;
}

export class RelayParty implements Party {
  readonly name: string;
  readonly isHonest: boolean;
  readonly isRelay = true;
  readonly disk: Disk;
  readonly #scene: Scene;
  readonly #signer: Signer;
  readonly #deceits: readonly Deceit[];
  readonly #book = createBook();
  running: Running | null = null;
  /** Given up by everyone. */
  isRetired = false;

  constructor(scene: Scene, name: string, signer: Signer, deceits: readonly Deceit[]) {
    this.#scene = scene;
    this.name = name;
    this.#signer = signer;
    this.#deceits = deceits;
    this.isHonest = deceits.length === 0;
    this.disk = newDisk(scene, name);
  }

  isUp(): boolean {
    return this.running !== null;
  }

  start(): void {
    if (this.running !== null) return;
    const deceits = this.#deceits.map(({ name }) => name);
    this.#scene.trace.note(`${this.name} starts ${deceits.join()}`);
    const { store, cut } = this.disk.mount();
    const controlLogs = createControlLogs({
      store,
      genesisOf: async (space) => this.#book.genesis(space),
    });
    const real = createReplica(store, controlLogs.check);
    const replica = this.#deceits.reduce((seen, { over }) => over(seen, this.#scene), real);
    this.running = { replica, controlLogs, sessions: new Map(), cut };
  }

  crash(losing: boolean): void {
    if (this.running === null) return;
    this.#scene.trace.note(`${this.name} crashes`);
    this.running.cut();
    this.running = null;
    this.#scene.network.crash(this, losing);
  }

  meet(channel: Channel, pipe: Pipe): void {
    const { running } = this;
    if (running === null) return channel.close('error');
    const door = createRelayDoor({
      spaces: this.#book,
      controlLogs: running.controlLogs,
      hasRoom: always,
      mayCreate: always,
    });
    const session = createSession({
      channel,
      signer: this.#signer,
      role: 'relay',
      replica: running.replica,
      door,
      events: {
        onOpened: (space) => door.entered(space),
        onRefusing: (_, failure) => {
          if (this.isHonest) this.#scene.watch.accused(this, pipe, failure);
        },
        onClosed: () => running.sessions.delete(pipe),
      },
    });
    running.sessions.set(pipe, session);
  }
}

/** `isDeceitful` takes one to three deceits by chance. */
export async function createRelayParty(
  scene: Scene,
  name: string,
  isDeceitful: boolean,
): Promise<RelayParty> {
  const { random } = scene;
  const signer = await signerOfSeed(random.bytes(32));
  const count = isDeceitful ? random.between(1, 3) : 0;
  return new RelayParty(scene, name, signer, random.shuffled(DECEITS).slice(0, count));
}

function always(): boolean {
  return true;
}

function createBook(): SpaceBook {
  const known = new Map<string, Uint8Array>();
  return {
    knows: (space) => known.has(space),
    genesis: (space) => known.get(space) ?? null,
    remember: (space, genesis) => void known.set(space, genesis),
    touch: () => {},
    outdated: () => [],
    compact: () => {},
  };
}
