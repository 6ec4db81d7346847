// The signatures inside acts, checked before the acts are judged: whose devices come in, who leaves, who approved.
import { readCertificate } from '../identity/certificate.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { Act, Role } from '../wire/control-act.ts';
import type { Approval, Enrolment } from '../wire/control-parts.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { ControlState, Device } from './control-state.ts';
import { didApprove, didSayLeave, isOwnWrapKey } from './statements.ts';

type Unsigned = Exclude<Act, { readonly kind: 'add' | 'add_device' }>;

/** An act whose signatures hold. Devices that come in are read from their certificates. */
export type VerifiedAct =
  | Unsigned
  | {
      readonly kind: 'add';
      readonly person: Uint8Array;
      readonly role: Role;
      readonly devices: readonly Device[];
    }
  | { readonly kind: 'add_device'; readonly device: Device };

/** Failures: `malformed`, `bad_signature`. */
export async function verifyActs(
  state: ControlState,
  acts: readonly Act[],
): Promise<Result<readonly VerifiedAct[]>> {
  const results = await Promise.all(acts.map((act) => verifyAct(state, act)));
  const verified: VerifiedAct[] = [];
  for (const result of results) {
    if (!result.ok) return result;
    verified.push(result.value);
  }
  return ok(verified);
}

async function verifyAct(state: ControlState, act: Act): Promise<Result<VerifiedAct>> {
  switch (act.kind) {
    case 'add':
      return verifyNewcomer(act.role, act.devices);
    case 'add_device': {
      const read = await readEnrolment(act.device);
      return read.ok ? ok({ kind: 'add_device', device: read.value.device }) : read;
    }
    case 'leave':
      return (await didSayLeave(act.said, state.space, act.frontiers)) ? ok(act) : unsaid('leave');
    case 'promote':
      return (await areApproved(state, act)) ? ok(act) : unsaid('approve this');
    default:
      return ok(act);
  }
}

async function verifyNewcomer(
  role: Role,
  enrolments: readonly Enrolment[],
): Promise<Result<VerifiedAct>> {
  const results = await Promise.all(enrolments.map(readEnrolment));
  const devices: Device[] = [];
  let person: Uint8Array | null = null;
  for (const result of results) {
    if (!result.ok) return result;
    const { device, personKey } = result.value;
    if (person !== null && !equalBytes(person, personKey)) return severalPersons();
    person = personKey;
    devices.push(device);
  }
  return person === null ? severalPersons() : ok({ kind: 'add', person, role, devices });
}

interface ReadEnrolment {
  readonly device: Device;
  readonly personKey: Uint8Array;
}

async function readEnrolment(enrolment: Enrolment): Promise<Result<ReadEnrolment>> {
  const certificate = await readCertificate(enrolment.certificate);
  if (!certificate.ok) return certificate;
  const { deviceKey: key, personKey } = certificate.value;
  // What a certificate names was looked at as it was read: every key in it may stand for someone.
  if (!(await isOwnWrapKey(key, enrolment))) return unsaid('use this key');
  const { wrapKey, keyPackage } = enrolment;
  const device = { key, person: toHex(personKey), wrapKey, keyPackage };
  return ok({ device, personKey });
}

async function areApproved(
  { space, promoted }: ControlState,
  { promotion, approvals }: Extract<Act, { readonly kind: 'promote' }>,
): Promise<boolean> {
  const replaced = promoted.get(promotion.artifact) ?? null;
  const answers = await Promise.all(
    approvals.map((approval: Approval) => didApprove(approval, { space, promotion, replaced })),
  );
  return answers.every(Boolean);
}

function severalPersons(): Result<never> {
  return fail(
    'malformed',
    'One admission names devices of several persons.',
    'Admit each person by an act of their own.',
  );
}

function unsaid(what: string): Result<never> {
  return fail(
    'bad_signature',
    `A change of the group says that a device wants to ${what}, which that device did not sign.`,
    'Nothing was changed. Whoever proposed it is faulty or hostile.',
  );
}
