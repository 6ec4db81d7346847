// An honest member's browser: a disk that lasts, and a process of the real node code that can die at any instant.
import { certifyDevice } from '../../lib/identity/certificate.ts';
import { signerOfSeed, type Signer } from '../../lib/identity/signer.ts';
import { createReplica, type Replica } from '../../lib/log/replica.ts';
import { createDocumentClient, type DocumentClient } from '../../lib/space/document-client.ts';
import { ANNOUNCE, announcement } from '../../lib/space/members.ts';
import { createSpace, type Space } from '../../lib/space/space.ts';
import { serveDocuments } from '../../lib/space/worker/document-host.ts';
import type { EntryStore } from '../../lib/store/entry-store.ts';
import type { Session } from '../../lib/sync/session-contract.ts';
import { createSession } from '../../lib/sync/session.ts';
import type { Channel } from '../../lib/transport/channel.ts';
import { toHex } from '../../lib/wire/bytes.ts';
import { ok } from '../../lib/wire/failure.ts';
import { doorOf, keysOf } from './club.ts';
import { createDisk, type Disk } from './disk.ts';
import type { Party } from './network.ts';
import type { Pipe } from './pipe.ts';
import { virtualPorts } from './port.ts';
import type { Scene } from './scene.ts';

/** A process: everything that is gone when the browser ends. */
export interface Running {
  readonly replica: Replica;
  readonly space: Space;
  readonly documents: DocumentClient;
  readonly sessions: Map<Pipe, Session>;
  /** What this process has shown so far, for the guarantees of a session. */
  readonly shown: string[];
  end(): void;
}

export class Machine implements Party {
  readonly isHonest = true;
  readonly name: string;
  readonly signer: Signer;
  /** Public key of the device, hex. */
  readonly author: string;
  readonly #scene: Scene;
  readonly certificate: Uint8Array;
  disk: Disk;
  running: Running | null = null;
  /** How wrong its clock is. */
  skewMs = 0;
  /** Its disk was full, or its document worker lost, at some time: its person may have been told so. */
  wasFull = false;
  lostWorker = false;
  /** Entries and annotations that its person has seen, whichever process showed them. */
  readonly seen = { entries: new Set<string>(), annotations: new Set<string>() };

  constructor(scene: Scene, name: string, signer: Signer, certificate: Uint8Array, disk: Disk) {
    this.#scene = scene;
    this.name = name;
    this.signer = signer;
    this.author = toHex(signer.publicKey);
    this.certificate = certificate;
    this.disk = disk;
  }

  isUp(): boolean {
    return this.running !== null;
  }

  start(): Running {
    if (this.running !== null) return this.running;
    this.#scene.trace.note(`${this.name} starts`);
    const { store, cut } = this.disk.mount();
    this.running = this.#process(store, cut);
    this.#scene.network.wake(this);
    return this.running;
  }

  /** As when the browser is killed: what was not written is gone, what was sent may arrive. */
  crash(losing: boolean): void {
    if (this.running === null) return;
    this.#scene.trace.note(`${this.name} crashes${losing ? ', losing what it sent' : ''}`);
    this.running.end();
    this.running = null;
    this.#scene.network.crash(this, losing);
  }

  /** Puts another state of the disk in place while the browser is closed; what its person saw may be gone with it. */
  restore(disk: Disk): void {
    this.disk = disk;
    this.seen.entries.clear();
    this.seen.annotations.clear();
  }

  meet(channel: Channel, pipe: Pipe): void {
    const { running } = this;
    if (running === null) return channel.close('error');
    const { club, watch } = this.#scene;
    const session = createSession({
      channel,
      signer: this.signer,
      role: 'node',
      replica: running.replica,
      door: doorOf(club, keysOf(club)),
      events: {
        onRefusing: (_, failure) => watch.accused(this, pipe, failure),
        onClosed: () => running.sessions.delete(pipe),
      },
    });
    running.sessions.set(pipe, session);
    void session.open(club.bytes);
  }

  announce(): Promise<unknown> {
    const running = this.start();
    return running.space.record(ANNOUNCE, announcement(this.certificate, this.name));
  }

  now(): number {
    return Math.floor(this.#scene.clock.now() + this.skewMs);
  }

  #process(store: EntryStore, cut: () => void): Running {
    const { club } = this.#scene;
    const replica = createReplica(store);
    const documents = this.#documents();
    const keys = keysOf(club);
    const now = () => this.now();
    const { signer } = this;
    const space = createSpace({
      space: club.bytes,
      keys,
      control: null,
      signer,
      replica,
      documents,
      now,
    });
    const end = (): void => {
      cut();
      space.close();
    };
    return { replica, space, documents, sessions: new Map(), shown: [], end };
  }

  #documents(): DocumentClient {
    const { clock, random } = this.#scene;
    return createDocumentClient({
      start: async () => {
        const [ours, theirs] = virtualPorts(clock, random);
        serveDocuments(theirs, Promise.resolve());
        return ok(ours);
      },
    });
  }
}

/** A member's browser on an empty disk; it has not announced itself yet. */
export async function createMachine(scene: Scene, name: string): Promise<Machine> {
  const { random, clock } = scene;
  const person = await signerOfSeed(random.bytes(32));
  const signer = await signerOfSeed(random.bytes(32));
  const certificate = await certifyDevice(person, signer.publicKey, Math.floor(clock.now()));
  const disk = createDisk(clock, random.branch(`disk ${name}`));
  return new Machine(scene, name, signer, certificate, disk);
}

/** A browser with a copy of another's profile, as it is now: one device key on two machines. */
export async function cloneMachine(scene: Scene, of: Machine, name: string): Promise<Machine> {
  return new Machine(scene, name, of.signer, of.certificate, await of.disk.copy());
}
