// Applies acts, whose signatures were checked before, to a state: one after another, each judged on what came of those before it.
import { toHex } from '../wire/bytes.ts';
import type { LogPoint, LogPoints } from '../wire/control-parts.ts';
import { MAX_DEVICES_OF_PERSON } from '../wire/control-act.ts';
import { MAX_STEWARDS } from '../wire/control.ts';
import { ok, type Result } from '../wire/failure.ts';
import { DONE, draftOf, keepsCertified, type Applied, type Draft } from './control-draft.ts';
import {
  devicesOf,
  MAX_DEVICES,
  MAX_MLS_DEVICES,
  notAllowed,
  stewardsOf,
  type ControlState,
  type Device,
  type KeyId,
} from './control-state.ts';
import { applyCheckpoint, applyForkCut, applyPromotion } from './history-acts.ts';
import type { VerifiedAct } from './verified-acts.ts';

/** The draft after all acts, or the Failure (`conflict`) of the first that may not be. */
export function foldActs(state: ControlState, acts: readonly VerifiedAct[]): Result<Draft> {
  const draft = draftOf(state);
  for (const act of acts) {
    const applied = applyAct(draft, act);
    if (!applied.ok) return applied;
  }
  const stewards = stewardsOf(draft).length;
  if (stewards === 0) {
    return notAllowed('This would leave the space without a steward.', 'Make another one first.');
  }
  const maxDevices = state.keys === 'mls' ? MAX_MLS_DEVICES : MAX_DEVICES;
  if (stewards > MAX_STEWARDS || draft.devices.size > maxDevices) {
    return notAllowed(
      `A space has at most ${MAX_STEWARDS} stewards and ${maxDevices} devices.`,
      'Start another space for more people.',
    );
  }
  return ok(draft);
}

function applyAct(draft: Draft, act: VerifiedAct): Applied {
  switch (act.kind) {
    case 'add':
      return addPerson(draft, act);
    case 'add_device':
      return addDevice(draft, act.device);
    case 'revoke_device':
      return retire(draft, act.frontier);
    case 'remove':
      return removePerson(draft, act.person, act.frontiers);
    case 'leave':
      return draft.devices.get(toHex(act.said.device))?.person === toHex(act.person)
        ? removePerson(draft, act.person, act.frontiers)
        : notAllowed('Someone else says that a person leaves.', 'Remove them instead.');
    case 'extend_frontier':
      return extendFrontier(draft, act.frontier);
    case 'role':
      return changeRole(draft, act);
    case 'voter':
      return changeVoter(draft, act.device);
    case 'policy':
      draft.policy = act.policy;
      return DONE;
    case 'fork_cut':
      return applyForkCut(draft, act);
    case 'checkpoint':
      return applyCheckpoint(draft, act);
    case 'promote':
      return applyPromotion(draft, act);
  }
}

function addPerson(draft: Draft, act: Extract<VerifiedAct, { readonly kind: 'add' }>): Applied {
  const id = toHex(act.person);
  if (draft.persons.has(id)) {
    return notAllowed(
      'This person is in the space already.',
      'Add their device, or change their role.',
    );
  }
  draft.persons.set(id, { key: act.person, role: act.role, voter: null });
  for (const device of act.devices) {
    const added = addDevice(draft, device);
    if (!added.ok) return added;
  }
  return DONE;
}

function addDevice(draft: Draft, device: Device): Applied {
  const id = toHex(device.key);
  const person = draft.persons.get(device.person);
  if (person === undefined) return unknownPerson();
  if (draft.gone.has(id)) {
    return notAllowed(
      'This device was removed from the space and its key cannot come back.',
      'Let it join again with a new key.',
    );
  }
  if (draft.devices.has(id))
    return notAllowed('This device is in the space already.', 'Nothing to do.');
  if (draft.before.keys === 'mls' && device.keyPackage === null) return noKeyPackage();
  if (devicesOf(draft, device.person).length >= MAX_DEVICES_OF_PERSON) {
    return notAllowed(
      `A person has at most ${MAX_DEVICES_OF_PERSON} devices in a space.`,
      'Revoke one of them first.',
    );
  }
  draft.devices.set(id, device);
  draft.persons.set(device.person, { ...person, voter: person.voter ?? id });
  return DONE;
}

function removePerson(draft: Draft, person: Uint8Array, frontiers: LogPoints): Applied {
  const id = toHex(person);
  if (!draft.persons.has(id)) return unknownPerson();
  const named = frontiers.map(({ device }) => toHex(device)).join();
  const held = devicesOf(draft, id)
    .map(({ key }) => toHex(key))
    .join();
  if (named !== held) {
    return notAllowed(
      'A removal has to say for each device of the person, and no other, where its log ends.',
      'Read the control log anew and propose the removal again.',
    );
  }
  for (const frontier of frontiers) {
    const retired = retire(draft, frontier);
    if (!retired.ok) return retired;
  }
  draft.persons.delete(id);
  return DONE;
}

function retire(draft: Draft, frontier: LogPoint): Applied {
  const id = toHex(frontier.device);
  const device = draft.devices.get(id);
  if (device === undefined) return notAllowed('This device is not in the space.', 'Nothing to do.');
  if (!keepsCertified(draft, frontier)) {
    return notAllowed(
      'Some of this would cut off entries of a device that are certified already.',
      'Let the removal begin at the newest certified entry.',
    );
  }
  draft.devices.delete(id);
  draft.gone.set(id, { ...frontier, person: device.person });
  passVoteOn(draft, device.person, id);
  return DONE;
}

/** The vote of a device that is out goes to the person's next one, in the order in which they came in. */
function passVoteOn(draft: Draft, personId: KeyId, gone: KeyId): void {
  const person = draft.persons.get(personId);
  if (person?.voter !== gone) return;
  const next = [...draft.devices].find(([, device]) => device.person === personId);
  draft.persons.set(personId, { ...person, voter: next?.[0] ?? null });
}

function changeVoter(draft: Draft, key: Uint8Array): Applied {
  const id = toHex(key);
  const device = draft.devices.get(id);
  const person = device && draft.persons.get(device.person);
  if (device === undefined || person === undefined || person.voter === id) {
    return notAllowed('This device cannot take over the vote.', 'Name another of their devices.');
  }
  draft.persons.set(device.person, { ...person, voter: id });
  return DONE;
}

function extendFrontier(draft: Draft, frontier: LogPoint): Applied {
  const id = toHex(frontier.device);
  const gone = draft.gone.get(id);
  if (gone === undefined || frontier.seq <= gone.seq) {
    return notAllowed(
      'Only a removed device has a frontier, and it moves only forwards.',
      'Name a later entry of a removed device.',
    );
  }
  draft.gone.set(id, { ...frontier, person: gone.person });
  return DONE;
}

function changeRole(draft: Draft, act: Extract<VerifiedAct, { readonly kind: 'role' }>): Applied {
  const id = toHex(act.person);
  const person = draft.persons.get(id);
  if (person === undefined) return unknownPerson();
  if (person.role === act.role)
    return notAllowed('The person has this role already.', 'Nothing to do.');
  if (act.role === 'steward' && devicesOf(draft, id).length === 0) {
    return notAllowed('A steward needs a device to sign with.', 'Add their device first.');
  }
  draft.persons.set(id, { ...person, role: act.role });
  return DONE;
}

function noKeyPackage(): Result<never> {
  return notAllowed(
    'A device comes in without what this space needs to give it the key.',
    'Let it ask again with a current version of Commonplace.',
  );
}

function unknownPerson(): Result<never> {
  return notAllowed('This person is not in the space.', 'Add them first.');
}
