// Who a key belongs to: a person certifies their devices, a device certifies the agents that run on it.
// Whoever holds the certificates can name the person behind an entry or an agent's act.
import { equalBytes } from '../wire/bytes.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { didOfKey } from './did-key.ts';
import type { Signer } from './signer.ts';
import { readStatement, signStatement } from './statement.ts';

export interface DeviceCertificate {
  /** did:key of the person. */
  readonly person: string;
  /** did:key of the device. */
  readonly device: string;
  readonly personKey: Uint8Array;
  readonly deviceKey: Uint8Array;
  readonly issuedAt: number;
}

export interface AgentCertificate {
  /** did:key of the device that the agent runs on. */
  readonly device: string;
  /** did:key of the agent. */
  readonly agent: string;
  readonly deviceKey: Uint8Array;
  readonly agentKey: Uint8Array;
  readonly issuedAt: number;
}

/** An agent and everyone who stands behind it. */
export interface AgentIdentity extends AgentCertificate {
  /** did:key of the person whose device it is. */
  readonly person: string;
}

export const MAX_CERTIFICATE_BYTES = 512;
const LIMITS = { maxBytes: MAX_CERTIFICATE_BYTES, extraParts: 0 };

/** The encoded certificate, signed by the person. */
export function certifyDevice(
  person: Signer,
  deviceKey: Uint8Array,
  issuedAt: number,
): Promise<Uint8Array> {
  return signStatement('device-certificate', person, [deviceKey, issuedAt]);
}

/** The encoded certificate, signed by the device. */
export function certifyAgent(
  device: Signer,
  agentKey: Uint8Array,
  issuedAt: number,
): Promise<Uint8Array> {
  return signStatement('agent-certificate', device, [agentKey, issuedAt]);
}

/** Decodes and verifies. Failures as of `readStatement`. */
export async function readCertificate(bytes: Uint8Array): Promise<Result<DeviceCertificate>> {
  const read = await readStatement('device-certificate', bytes, LIMITS);
  if (!read.ok) return read;
  const { issuer: personKey, subject: deviceKey, at: issuedAt } = read.value;
  const names = { person: didOfKey(personKey), device: didOfKey(deviceKey) };
  return ok({ ...names, personKey, deviceKey, issuedAt });
}

/** Decodes and verifies; says nothing yet about whose device it is. Failures as of `readStatement`. */
export async function readAgentCertificate(bytes: Uint8Array): Promise<Result<AgentCertificate>> {
  const read = await readStatement('agent-certificate', bytes, LIMITS);
  if (!read.ok) return read;
  const { issuer: deviceKey, subject: agentKey, at: issuedAt } = read.value;
  const names = { device: didOfKey(deviceKey), agent: didOfKey(agentKey) };
  return ok({ ...names, deviceKey, agentKey, issuedAt });
}

/**
 * Follows agent to device to person. Failures as of `readStatement`; `bad_signature` also when the two certificates speak
 * of different devices. Whether the device was revoked is for the device list to say.
 */
export async function readAgentIdentity(
  agentCertificate: Uint8Array,
  deviceCertificate: Uint8Array,
): Promise<Result<AgentIdentity>> {
  const agent = await readAgentCertificate(agentCertificate);
  if (!agent.ok) return agent;
  const device = await readCertificate(deviceCertificate);
  if (!device.ok) return device;
  if (!equalBytes(agent.value.deviceKey, device.value.deviceKey)) {
    return fail(
      'bad_signature',
      'An agent was certified by another device than the one that speaks for it.',
      'Do not trust this agent. Ask its person to connect it again.',
    );
  }
  return ok({ ...agent.value, person: device.value.person });
}
