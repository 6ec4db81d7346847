// One seed, from the first machine to the last check: makes a world, lets it live and judges it.
import { toHex } from '../../lib/wire/bytes.ts';
import { startAutomerge } from '../support/automerge.ts';
import { createChronicle } from './chronicle.ts';
import { createClock } from './clock.ts';
import { createClub } from './club.ts';
import { noFacts } from './facts.ts';
import { live } from './life.ts';
import { Network } from './network.ts';
import { createRandom } from './random.ts';
import type { World } from './scene.ts';
import { installStandIns, settled } from './stand-ins.ts';
import { createTrace } from './trace.ts';
import { createWatch, type Violation } from './watch.ts';

export interface Outcome {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** Equal for two runs of one seed, or the simulation is not deterministic. */
  readonly digest: string;
  readonly events: number;
}

const START_MS = Date.UTC(2026, 5, 1);
/** Past this, machines are not talking but going round in circles. */
const MAX_EVENTS = 60_000;

/** `print` takes each line of what happened. */
export async function simulate(
  seed: number,
  print: ((line: string) => void) | null = null,
): Promise<Outcome> {
  await startAutomerge();
  const random = createRandom(`seed ${seed}`);
  const violations: Violation[] = [];
  const isOver = (): boolean => violations.length > 0 || clock.ran() > MAX_EVENTS;
  const clock = createClock({ startMs: START_MS, isOver, settled });
  const trace = createTrace(() => clock.now() - START_MS, print);
  const standIns = installStandIns(clock, random);
  try {
    const facts = noFacts();
    // Every other seed is about a club that has a group.
    const club = await createClub(random.branch('club'), seed % 2 === 0);
    const { founder } = club;
    const chronicle = founder && createChronicle(club.bytes, toHex(founder.publicKey));
    const watch = createWatch({ space: club.id, facts, chronicle, trace, violations });
    const network = new Network({ clock, trace, watch, random: random.branch('network') });
    const seen = { trace, network, club, chronicle, watch, facts };
    const scene = { clock, random: random.branch('world'), ...seen };
    const world: World = { ...scene, machines: [], relays: [], villains: [] };
    await live(world);
    for (const bug of standIns.bugs) watch.report('no error goes unhandled', describe(bug));
    if (clock.ran() > MAX_EVENTS) watch.report('everything comes to rest', 'too many events');
    for (const machine of world.machines) machine.crash(true);
    await settled();
    return { seed, violations, digest: trace.digest(), events: clock.ran() };
  } finally {
    standIns.remove();
  }
}

function describe(bug: unknown): string {
  return bug instanceof Error ? (bug.stack ?? bug.message) : String(bug);
}
