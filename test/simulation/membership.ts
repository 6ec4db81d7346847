// How people come into a club that has a group, and what its stewards decide: all by the node's own code.
import { enrol } from '../../lib/group/statements.ts';
import { keyOfDid, didOfKey } from '../../lib/identity/did-key.ts';
import type { HeldSpace } from '../../lib/node/held-space.ts';
import type { Groups } from '../../lib/node/groups.ts';
import { makeInviteLink, readInviteLink, type ReadInvite } from '../../lib/node/invites.ts';
import type { Profile } from '../../lib/node/profile.ts';
import { fromHex, toHex } from '../../lib/wire/bytes.ts';
import { fail, unwrap, type Failure, type Result } from '../../lib/wire/failure.ts';
import type { Role } from '../../lib/wire/control-act.ts';
import type { Machine } from './machine.ts';
import { groupOf, type Running } from './process.ts';
import type { World } from './scene.ts';
import { ACTS, type Act } from './people.ts';

const RELAY = 'http://127.0.0.1:4321';
const NAME = 'the club';

/** The first browser makes the space. */
export async function found({ club }: World, machine: Machine): Promise<void> {
  const { groups, ready } = machine.start();
  if (groups === null) return;
  await ready;
  const { id, genesis, secret } = club;
  const told = { passes: [], relay: RELAY, name: NAME, joinedAt: machine.now(), invitedBy: null };
  const { spaces, stewardship, admissions, lobbies } = groups;
  const held = unwrap(await spaces.add({ id, genesis, secret, ...told }, stewardship.begin));
  unwrap(await admissions.lobbyOf(lobbies, held, RELAY));
}

/** Asks to be let in, by a link that somebody gives who is in. */
export async function join(world: World, machine: Machine): Promise<void> {
  const { groups, ready } = machine.start();
  if (groups === null) return;
  if (!(await ready)) return;
  const invite = await inviteOf(world);
  if (invite === null || machine.process?.groups !== groups) return;
  world.trace.note(`${machine.name} asks to be let in`);
  const joined = await groups.admissions.join(groups.lobbies, invite);
  if (joined.ok || machine.process?.groups !== groups) return;
  if (isTurnedAway(world, machine, joined.failure)) return;
  complain(world, machine, joined.failure);
}

/** Whoever asks may hear a no: from a person, or because they were put out before. */
function isTurnedAway(
  { facts, chronicle, trace }: World,
  { name, author }: Machine,
  { code }: Failure,
): boolean {
  const hasCause = facts.turnedAway.has(author) || chronicle?.newest().ends.has(author) === true;
  if (code !== 'permission_denied' || !hasCause) return false;
  trace.note(`${name} is turned away`);
  return true;
}

/** Lets a device in that never asked; gives the control log. */
export async function admitAt(
  { club }: World,
  machine: Machine,
  { signer, certificate, wrapKey, name }: Profile,
): Promise<readonly Uint8Array[]> {
  const { groups } = machine.start();
  const enrolment = await enrol(signer, certificate, wrapKey.publicKey);
  const request = { device: toHex(signer.publicKey), name, enrolment };
  if (groups === null) return [];
  return unwrap(await groups.admissions.admit(club.id, request)) ?? [];
}

export async function openDoors(world: World, machine: Machine): Promise<void> {
  await decide(world, machine, ({ admissions, lobbies }, held) =>
    admissions.lobbyOf(lobbies, held, RELAY),
  );
  await decide(world, machine, (groups, held) =>
    groups.stewardship.setPolicy(held, { admit: 'by_invite' }),
  );
}

export const DECISIONS: readonly Act[] = [
  {
    name: 'puts someone out',
    weight: 3,
    run: async (world, machine, running) => {
      const person = someoneElse(world, machine, running);
      if (person !== null) await putOut(world, machine, running, person);
    },
  },
  {
    name: 'puts someone out who is away and goes on writing',
    weight: 2,
    run: async (world, machine, running) => {
      const away = world.random.pick(world.machines);
      if (away === machine || away.running === null) return;
      const island = new Map([[away, 1] as const]);
      world.network.partition(island);
      world.clock.after(world.random.next() * 8000, () => world.network.heal());
      for (let times = world.random.between(1, 4); times > 0; times--) {
        world.clock.after(world.random.next() * 6000, () => {
          if (away.running === null) return;
          void world.random.weighted(ACTS).run(world, away, away.running);
        });
      }
      await putOut(world, machine, running, away.profile.person);
    },
  },
  {
    name: 'gives someone another role',
    weight: 4,
    run: async (world, machine, running) => {
      const person = someoneElse(world, machine, running);
      const role = world.random.pick<Role>(['reader', 'commenter', 'editor']);
      if (person === null) return;
      if (role !== 'editor') lower(world, person);
      await decide(world, machine, ({ stewardship }, held) =>
        stewardship.setRole(held, person, role),
      );
    },
  },
  {
    name: 'changes how people come in',
    weight: 1,
    run: (world, machine) => {
      const admit = world.random.pick(['by_hand', 'by_invite'] as const);
      return decide(world, machine, ({ stewardship }, held) =>
        stewardship.setPolicy(held, { admit: admit }),
      );
    },
  },
  {
    name: 'looks at requests',
    weight: 2,
    run: async (world, machine, running) => {
      for (const { device } of running.groups?.lobbies.requests(world.club.id) ?? []) {
        const allow = world.random.chance(0.8);
        if (!allow) world.facts.turnedAway.add(device);
        await decide(world, machine, ({ lobbies }) => lobbies.decide(device, world.club.id, allow));
      }
    },
  },
];

async function putOut(
  world: World,
  machine: Machine,
  running: Running,
  person: string,
): Promise<void> {
  const key = keyOfDid(person);
  const isIn = key.ok && groupOf(running, world.club)?.persons.has(toHex(key.value)) === true;
  if (isIn)
    await decide(world, machine, ({ stewardship }, held) => stewardship.remove(held, person));
}

/** Runs a decision of a machine whose person is a steward as far as it knows. */
async function decide(
  world: World,
  machine: Machine,
  decision: (groups: Groups, held: HeldSpace) => Promise<Result<unknown>>,
): Promise<void> {
  const { running } = machine;
  const groups = running?.groups ?? null;
  const held = groups?.spaces.find(world.club.id);
  if (groups === null || held?.ok !== true || !groups.stewardship.isSteward(held.value)) return;
  const decided = await decision(groups, held.value);
  if (!decided.ok && machine.running === running) complain(world, machine, decided.failure);
}

/** What a steward may hear: things have changed meanwhile, others must agree, the disk is full. */
const EXCUSED = ['conflict', 'not_found', 'approval_required', 'storage_full', 'forked'];

function complain({ trace, watch }: World, machine: Machine, { code, message }: Failure): void {
  trace.note(`${machine.name} is told ${code}: ${message}`);
  if (EXCUSED.includes(code)) return;
  watch.report('nothing is refused without cause', `${machine.name}: ${message}`);
}

async function inviteOf(world: World): Promise<ReadInvite | null> {
  const { club, machines, random, chronicle } = world;
  const hosts = machines.flatMap(({ running, profile, author }) => {
    const held = running?.groups?.spaces.find(club.id);
    const isIn = chronicle?.newest().devices.has(author) === true;
    return isIn && running?.groups && held?.ok
      ? [{ groups: running.groups, held: held.value, profile }]
      : [];
  });
  for (const { groups, held, profile } of random.shuffled(hosts)) {
    const lobby = await within(groups.admissions.lobbyOf(groups.lobbies, held, RELAY), world);
    if (!lobby.ok) continue;
    const { genesis, secret } = lobby.value;
    const way = { lobby: genesis, secret, genesis: club.genesis, relay: RELAY };
    const told = { spaceName: NAME, createdAt: Math.floor(world.clock.now()) };
    return unwrap(await readInviteLink(await makeInviteLink({ ...way, ...told }, profile)));
  }
  return null;
}

/** The one who gives the link may be gone before they have said it. */
function within<T>(answer: Promise<Result<T>>, { clock }: World): Promise<Result<T>> {
  const late = new Promise<Result<T>>((resolve) => clock.after(3000, () => resolve(TOO_LATE)));
  return Promise.race([answer, late]);
}

const TOO_LATE = fail('timeout', 'Nobody gave a link.', 'Ask someone else.');

/** did:key of a person in the club, as this process knows it. */
function someoneElse({ random, club }: World, machine: Machine, running: Running): string | null {
  const own = keyOfDid(machine.profile.person);
  const persons = [...(groupOf(running, club)?.persons.keys() ?? [])];
  const others = persons.filter((person) => !own.ok || person !== toHex(own.value));
  const key = others.length === 0 ? null : fromHex(random.pick(others));
  return key === null ? null : didOfKey(key);
}

function lower({ facts, machines }: World, person: string): void {
  for (const { profile, author } of machines) {
    if (profile.person === person) facts.lowered.add(author);
  }
}
