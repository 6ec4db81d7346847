// A change of membership: what it takes a steward to draft it, everyone to check it, and a member to reach the new key, with
// keys wrapped to each device and with an MLS group, side by side.
import { composeControl } from '../lib/group/compose.ts';
import { applyRead, readControl } from '../lib/group/control-entry.ts';
import type { ControlState } from '../lib/group/control-state.ts';
import { wrapEpochKeys } from '../lib/group/wrap-epoch-keys.ts';
import type { Act } from '../lib/wire/control-act.ts';
import { unwrap } from '../lib/wire/failure.ts';
import { certify, startGroup } from '../test/support/group.ts';
import { admit, createDevice, expel } from '../test/support/group-people.ts';
import {
  catchUp,
  createMemory,
  createMlsDevice,
  decide,
  draft,
  nodeOf,
  restart,
  startMlsSpace,
  vote,
  type MlsNode,
  type MlsSpace,
} from '../test/support/mls.ts';
import { timed, timedFigure, type Bench, type Figure } from './figure.ts';

const SIZES = [10, 50, 100];
const RUNS = 7;
const WARM_UPS = 2;
/** Of people in one entry, so that it stays within its bound. */
const PARTY = 25;

export const groupBench: Bench = {
  name: 'group',
  run: async () => {
    const figures: Figure[] = [];
    for (const members of SIZES) {
      figures.push(...(await wrapFigures(members)), ...(await mlsFigures(members)));
    }
    return figures;
  },
};

/** One member leaves a group of so many, with a device each. */
async function wrapFigures(members: number): Promise<Figure[]> {
  const [leaver, member, ...others] = await several(members - 1, createDevice);
  const group = await startGroup();
  const { founder } = group;
  await group.act(...[leaver, member, ...others].map((device) => admit(device)));
  const state = group.state();
  const secret = await group.runningSecret();
  const change = { acts: [expel(leaver)], at: 0, proposer: founder.key, secret };
  const drawUp = () => composeControl(state, change);
  const certified = await certify(group.log, unwrap(await drawUp()), founder, [founder]);
  const { control, next, check } = await checking(state, unwrap(certified));
  const open = async () => {
    const { key: device, wrapKey } = member;
    const keys = wrapEpochKeys({ state, device, wrapKey, secrets: new Map() });
    await keys.follow({ control, state: next });
  };
  const figure = (what: string, work: () => Promise<unknown>) =>
    timedFigure(`removal from ${members}, wrap: ${what}`, RUNS, work, WARM_UPS);
  return [
    await figure('draft, with a key for each', drawUp),
    await figure('check and apply', check),
    await figure('open the key', open),
    bytesOf(`removal from ${members}, wrap: entry`, control.bytes),
  ];
}

/** The same, and one more who comes in, which makes a new epoch here. */
async function mlsFigures(members: number): Promise<Figure[]> {
  const [leaver, member, ...others] = await several(members - 1, createMlsDevice);
  const space = await startMlsSpace();
  const people = [leaver, member, ...others];
  for (let from = 0; from < people.length; from += PARTY) {
    const acts = people.slice(from, from + PARTY).map((device) => admit(device));
    unwrap(await decide(space, { acts }));
  }
  const node = await nodeOf(space, member);
  await catchUp(space, node);
  const leaving = await stepFigures({ space, node }, `removal from ${members}, mls`, expel(leaver));
  const newcomer = await createMlsDevice();
  const coming = await stepFigures(
    { space, node },
    `one more to ${members - 1}, mls`,
    admit(newcomer),
  );
  return [...leaving, ...coming];
}

async function stepFigures(
  { space, node }: { readonly space: MlsSpace; readonly node: MlsNode },
  name: string,
  act: Act,
): Promise<Figure[]> {
  const { founder } = space;
  const change = { acts: [act] };
  const drawUp = () => draft(founder, change);
  const drafting = await timedFigure(`${name}: draft`, RUNS, drawUp, WARM_UPS);
  const state = founder.log.tip();
  const certified = unwrap(await vote(founder, unwrap(await drawUp()), [founder]));
  const { control, check } = await checking(state, certified);
  const checkingFigure = await timedFigure(`${name}: check and apply`, RUNS, check, WARM_UPS);
  const values: number[] = [];
  for (let run = 0; run < RUNS + WARM_UPS; run += 1) {
    const memory = createMemory();
    memory.record = node.memory.record;
    const again = await restart(space, { ...node, memory });
    const whole = { ...space, entries: [...space.entries, certified] };
    values.push(await timed(() => catchUp(whole, again)));
  }
  space.entries.push(certified);
  for (const each of [founder, node]) await catchUp(space, each);
  return [
    drafting,
    checkingFigure,
    { name: `${name}: reach the key, check included`, unit: 'ms', values: values.slice(WARM_UPS) },
    bytesOf(`${name}: entry`, control.bytes),
  ];
}

async function checking(state: ControlState, certified: Uint8Array) {
  const control = unwrap(readControl(certified));
  const check = () => applyRead(state, control);
  return { control, check, next: unwrap(await check()) };
}

function bytesOf(name: string, bytes: Uint8Array): Figure {
  return { name, unit: 'bytes', values: [bytes.length] };
}

async function several<T>(count: number, create: () => Promise<T>) {
  const [first, second, ...rest] = await Promise.all(Array.from({ length: count }, () => create()));
  if (first === undefined || second === undefined) throw new Error('expected two or more');
  return [first, second, ...rest] as const;
}
