// An honest person's browser: a disk that lasts, and a process of the real node code that can die at any instant.
import { createWrapKey } from '../../lib/group/wrap-key.ts';
import { certifyDevice } from '../../lib/identity/certificate.ts';
import { signerOfSeed, type Signer } from '../../lib/identity/signer.ts';
import type { Profile } from '../../lib/node/profile.ts';
import { createDocumentClient, type DocumentClient } from '../../lib/space/document-client.ts';
import { ANNOUNCE, announcement } from '../../lib/space/members.ts';
import { serveDocuments } from '../../lib/space/worker/document-host.ts';
import { createSession } from '../../lib/sync/session.ts';
import type { Channel } from '../../lib/transport/channel.ts';
import { toHex } from '../../lib/wire/bytes.ts';
import { ok } from '../../lib/wire/failure.ts';
import { createDisk, type Disk } from './disk.ts';
import type { Party } from './network.ts';
import type { Pipe } from './pipe.ts';
import { virtualPorts } from './port.ts';
import { isRunning, startProcess, type Process, type Running } from './process.ts';
import type { Scene } from './scene.ts';

export class Machine implements Party {
  readonly isHonest = true;
  readonly name: string;
  readonly profile: Profile;
  /** Public key of the device, hex. */
  readonly author: string;
  readonly #scene: Scene;
  disk: Disk;
  process: Process | null = null;
  /** How wrong its clock is. */
  skewMs = 0;
  /** Its disk was full, or its document worker lost, at some time: its person may have been told so. */
  wasFull = false;
  lostWorker = false;
  /** Entries and annotations that its person has seen, whichever process showed them. */
  readonly seen = { entries: new Set<string>(), annotations: new Set<string>() };

  constructor(scene: Scene, profile: Profile, disk: Disk, name = profile.name) {
    this.#scene = scene;
    this.name = name;
    this.profile = profile;
    this.author = toHex(profile.signer.publicKey);
    this.disk = disk;
  }

  /** Null while the browser is closed, and as long as its person is not in the club. */
  get running(): Running | null {
    return isRunning(this.process) ? this.process : null;
  }

  isUp(): boolean {
    return this.process !== null;
  }

  start(): Process {
    if (this.process !== null) return this.process;
    const { club, trace, network } = this.#scene;
    trace.note(`${this.name} starts`);
    this.process = startProcess({
      ...this.disk.mount(),
      club,
      profile: this.profile,
      documents: this.#documents(),
      now: () => this.now(),
      entered: () => trace.note(`${this.name} is in the club`),
    });
    network.wake(this);
    return this.process;
  }

  /** As when the browser is killed: what was not written is gone, what was sent may arrive. */
  crash(losing: boolean): void {
    if (this.process === null) return;
    this.#scene.trace.note(`${this.name} crashes${losing ? ', losing what it sent' : ''}`);
    this.process.end();
    this.process = null;
    this.#scene.network.crash(this, losing);
  }

  /** Puts another state of the disk in place while the browser is closed; what its person saw may be gone with it. */
  restore(disk: Disk): void {
    this.disk = disk;
    this.seen.entries.clear();
    this.seen.annotations.clear();
  }

  meet(channel: Channel, pipe: Pipe): void {
    const { process } = this;
    if (process === null) return channel.close('error');
    const { watch } = this.#scene;
    const { replica, door, sessions } = process;
    const session = createSession({
      channel,
      signer: this.profile.signer,
      role: 'node',
      replica,
      door,
      events: {
        onRefusing: (_, failure) => watch.accused(this, pipe, failure),
        onClosed: () => sessions.delete(pipe),
      },
    });
    sessions.set(pipe, session);
    for (const space of process.offered()) void session.open(space);
  }

  /** In a club with one key nobody has to be let in. */
  async announce(): Promise<void> {
    const { space } = this.start();
    const { certificate } = this.profile;
    await space?.record(ANNOUNCE, announcement(certificate, this.name));
  }

  now(): number {
    return Math.floor(this.#scene.clock.now() + this.skewMs);
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

/** A person's browser on an empty disk; nobody knows of it yet. */
export async function createMachine(
  scene: Scene,
  name: string,
  person: Signer | null = null,
): Promise<Machine> {
  const profile = await createPerson(scene, name, person);
  return new Machine(scene, profile, newDisk(scene, name));
}

/** A browser with a copy of another's profile, as it is now: one device key on two machines. */
export async function cloneMachine(scene: Scene, of: Machine, name: string): Promise<Machine> {
  return new Machine(scene, of.profile, await of.disk.copy(), name);
}

export function newDisk({ clock, random, club }: Scene, name: string): Disk {
  return createDisk({ clock, random: random.branch(`disk ${name}`), space: club.id });
}

export async function createPerson(
  { random, clock }: Scene,
  name: string,
  known: Signer | null = null,
): Promise<Profile> {
  const person = known ?? (await signerOfSeed(random.bytes(32)));
  const signer = await signerOfSeed(random.bytes(32));
  const certificate = await certifyDevice(person, signer.publicKey, Math.floor(clock.now()));
  const keys = { signer, certificate, wrapKey: await createWrapKey(), keyPackage: NO_MLS };
  return { ...keys, person: person.did, name, home: null, replaced: null };
}

/** The keys of a club are wrapped; nobody looks at this. */
const NO_MLS = {
  bytes: new Uint8Array(1),
  initKey: new Uint8Array(32),
  leafKey: new Uint8Array(32),
};
