// What everyone in a simulation shares: the clock, the chances, the network, the space, and what those who watch know.
import type { Chronicle } from './chronicle.ts';
import type { Clock } from './clock.ts';
import type { Club } from './club.ts';
import type { Facts } from './facts.ts';
import type { Machine } from './machine.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';
import type { RelayParty } from './relay-party.ts';
import type { Trace } from './trace.ts';
import type { Villain } from './villain.ts';
import type { Watch } from './watch.ts';

export interface Scene {
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly network: Network;
  readonly club: Club;
  /** Null in a club in which nobody decides. */
  readonly chronicle: Chronicle | null;
  readonly watch: Watch;
  readonly facts: Facts;
}

export interface World extends Scene {
  readonly machines: Machine[];
  readonly relays: RelayParty[];
  readonly villains: Villain[];
}
