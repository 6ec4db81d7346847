// A change of membership: what it takes a steward to draft it, everyone to check it, and a member to open the new key.
import { composeControl } from '../lib/group/compose.ts';
import { applyRead, readControl } from '../lib/group/control-entry.ts';
import { wrapEpochKeys } from '../lib/group/wrap-epoch-keys.ts';
import { unwrap } from '../lib/wire/failure.ts';
import { certify, startGroup } from '../test/support/group.ts';
import { admit, createDevice, expel } from '../test/support/group-people.ts';
import { timedFigure, type Bench, type Figure } from './figure.ts';

const SIZES = [10, 50, 100];
const RUNS = 7;
const WARM_UPS = 2;

export const groupBench: Bench = {
  name: 'group',
  run: async () => {
    const figures: Figure[] = [];
    for (const members of SIZES) figures.push(...(await figuresFor(members)));
    return figures;
  },
};

/** One member leaves a group of so many, with a device each. */
async function figuresFor(members: number): Promise<Figure[]> {
  const [leaver, member, ...others] = await createDevices(members - 1);
  const group = await startGroup();
  const { founder } = group;
  await group.act(...[leaver, member, ...others].map((device) => admit(device)));
  const state = group.state();
  const secret = await group.runningSecret();
  const change = { acts: [expel(leaver)], at: 0, proposer: founder.key, secret };
  const draft = () => composeControl(state, change);
  const certified = await certify(group.log, unwrap(await draft()), founder, [founder]);
  const control = unwrap(readControl(unwrap(certified)));
  const next = unwrap(await applyRead(state, control));
  const open = async () => {
    const { key: device, wrapKey } = member;
    const keys = wrapEpochKeys({ state, device, wrapKey, secrets: new Map() });
    await keys.follow({ control, state: next });
  };
  const figure = (what: string, work: () => Promise<unknown>) =>
    timedFigure(`removal from ${members}: ${what}`, RUNS, work, WARM_UPS);
  return [
    await figure('draft, with a key for each', draft),
    await figure('check and apply', () => applyRead(state, control)),
    await figure('open the key', open),
    { name: `removal from ${members}: entry`, unit: 'bytes', values: [control.bytes.length] },
  ];
}

async function createDevices(count: number) {
  const [first, second, ...rest] = await Promise.all(
    Array.from({ length: count }, () => createDevice()),
  );
  if (first === undefined || second === undefined) throw new Error('expected two devices or more');
  return [first, second, ...rest] as const;
}
