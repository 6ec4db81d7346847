// Spaces with MLS keys as tests need them: each device with a log and a memory of its own, and one order of control entries
// that reaches whom the test lets it reach.
import { composeControl } from '../../lib/group/compose.ts';
import { createControlLog, type ControlLog } from '../../lib/group/control-log.ts';
import { createControlState, currentEpoch } from '../../lib/group/control-state.ts';
import { deriveAccessSigner } from '../../lib/group/epoch-keys.ts';
import type { GroupKeys } from '../../lib/group/group-keys.ts';
import { mlsEpochKeys } from '../../lib/group/mls-epoch-keys.ts';
import {
  createKeyPackage,
  mlsDevice,
  type StoredKeyPackage,
} from '../../lib/group/mls-key-package.ts';
import type { MlsMemory, MlsRecord } from '../../lib/group/mls-memory.ts';
import { enrol } from '../../lib/group/statements.ts';
import { randomBytes } from '../../lib/identity/hash.ts';
import { toHex } from '../../lib/wire/bytes.ts';
import type { Act } from '../../lib/wire/control-act.ts';
import { ok, unwrap, type Result } from '../../lib/wire/failure.ts';
import { encodeGenesis } from '../../lib/wire/space-genesis.ts';
import { certify, type Change } from './group.ts';
import { AT, createDevice, type GroupDevice, type GroupPerson } from './group-people.ts';

export interface MlsTestDevice extends GroupDevice {
  readonly stored: StoredKeyPackage;
}

/** One device's node: what survives a restart, and what is made anew after one. */
export interface MlsNode {
  readonly device: MlsTestDevice;
  readonly memory: TestMemory;
  readonly complaints: string[];
  log: ControlLog;
  keys: GroupKeys;
}

export interface TestMemory extends MlsMemory {
  record: MlsRecord | null;
  /** Nothing can be written while this is true. */
  isFull: boolean;
}

export interface MlsSpace {
  readonly genesis: Uint8Array;
  readonly secret: Uint8Array;
  readonly founder: MlsNode;
  /** Every certified entry so far, in order. */
  readonly entries: Uint8Array[];
}

export async function createMlsDevice(of?: GroupPerson): Promise<MlsTestDevice> {
  const device = await createDevice(of);
  const stored = await createKeyPackage(device.signer);
  const { signer, certificate, wrapKey } = device;
  const enrolment = await enrol(signer, certificate, wrapKey.publicKey, stored.bytes);
  return { ...device, enrolment, stored };
}

/** A space with its founder's device in. */
export async function startMlsSpace(...acts: Act[]): Promise<MlsSpace> {
  const device = await createMlsDevice();
  const secret = randomBytes(32);
  const genesis = encodeGenesis({
    creator: device.person.signer.publicKey,
    salt: randomBytes(16),
    access: (await deriveAccessSigner(secret, 0)).publicKey,
    createdAt: AT,
    keys: 'mls',
  });
  const founder = await openNode(genesis, device, createMemory(), new Map([[0, secret]]));
  const space = { genesis, secret, founder, entries: [] };
  const begun = [{ kind: 'add_device', device: device.enrolment }, ...acts] as const;
  await decide(space, { acts: begun });
  return space;
}

/** A node of a device that has heard of nothing yet. */
export function nodeOf(space: MlsSpace, device: MlsTestDevice): Promise<MlsNode> {
  return openNode(space.genesis, device, createMemory(), new Map());
}

/** The same node after its browser was closed: the log and the record are read anew. */
export async function restart(space: MlsSpace, node: MlsNode): Promise<MlsNode> {
  const secrets = new Map(node.device === space.founder.device ? [[0, space.secret]] : []);
  const again = await openNode(space.genesis, node.device, node.memory, secrets);
  await catchUp(space, again);
  return again;
}

/** Lets a node hear of everything that it has not heard of. */
export async function catchUp(space: MlsSpace, node: MlsNode): Promise<void> {
  for (const bytes of space.entries.slice(node.log.tip().height)) await hear(node, bytes);
}

export async function hear(node: MlsNode, bytes: Uint8Array): Promise<void> {
  for (const taken of unwrap(await node.log.take(bytes)).taken) {
    const complaint = await node.keys.follow(taken);
    if (complaint !== null) node.complaints.push(complaint);
  }
}

/** An entry as this node's device drafts it. */
export async function draft(node: MlsNode, change: Change): Promise<Result<Uint8Array>> {
  const state = node.log.tip();
  const { mls } = node.keys;
  return composeControl(state, {
    at: AT,
    proposer: node.device.key,
    secret: node.keys.secrets().get(currentEpoch(state).number) ?? null,
    mls,
    ...change,
  });
}

/** Drafted by a node (the founder's, unless said otherwise), put to the vote of these, and heard by them. */
export async function decide(
  space: MlsSpace,
  change: Change,
  nodes: readonly MlsNode[] = [space.founder],
): Promise<Result<Uint8Array>> {
  const [by = space.founder] = nodes;
  const drafted = await draft(by, change);
  if (!drafted.ok) return drafted;
  const certified = await vote(by, drafted.value, nodes);
  if (!certified.ok) return certified;
  space.entries.push(certified.value);
  for (const node of nodes) await catchUp(space, node);
  return ok(certified.value);
}

export function vote(
  by: MlsNode,
  entryBytes: Uint8Array,
  voters: readonly MlsNode[],
): Promise<Result<Uint8Array>> {
  const mlsOf = (device: GroupDevice) =>
    voters.find((node) => node.device.id === device.id)?.keys.mls ?? null;
  const devices = voters.map(({ device }) => device);
  return certify(by.log, entryBytes, by.device, devices, 0, mlsOf);
}

/** The running epoch's secret as a node holds it, in hex; null without. */
export function runningSecret({ keys }: MlsNode): string | null {
  const secret = keys.secrets().get(keys.current());
  return secret === undefined ? null : toHex(secret);
}

export function createMemory(): TestMemory {
  const memory: TestMemory = {
    record: null,
    isFull: false,
    load: async () => memory.record,
    save: async (record) => {
      if (memory.isFull) return FULL;
      memory.record = structuredClone(record);
      return ok(null);
    },
  };
  return memory;
}

async function openNode(
  genesis: Uint8Array,
  device: MlsTestDevice,
  memory: TestMemory,
  secrets: ReadonlyMap<number, Uint8Array>,
): Promise<MlsNode> {
  const state = unwrap(createControlState(genesis));
  const own = await mlsDevice(device.signer, device.stored);
  const keys = await mlsEpochKeys({ state, own, memory, secrets });
  return { device, memory, keys, log: unwrap(createControlLog(genesis)), complaints: [] };
}

const FULL = {
  ok: false,
  failure: { code: 'storage_full', message: 'Nothing more can be written.', remedy: 'Wait.' },
} as const;
