// The binding: both ends agree, and no description that leaves room for a third party passes.
import { describe, expect, test } from 'vitest';
import { bindingOf } from '../../../lib/transport/fingerprints.ts';
import { toHex } from '../../../lib/wire/bytes.ts';

const print = (byte: string) => Array.from({ length: 32 }, () => byte).join(':');
const sdp = (...lines: string[]) => ['v=0', 's=-', ...lines, 'm=application 9 x', ''].join('\r\n');
const named = (byte: string) => `a=fingerprint:sha-256 ${print(byte)}`;
const [ada, bob, eve] = [named('AA'), named('BB'), named('EE')];

async function hex(local: string, remote: string): Promise<string> {
  const result = await bindingOf(local, remote);
  return result.ok ? toHex(result.value) : result.failure.code;
}

describe('binding', () => {
  test('is the same 32 bytes at both ends, whoever dialled', async () => {
    const binding = await hex(sdp(ada), sdp(bob));
    expect(binding).toMatch(/^[0-9a-f]{64}$/);
    expect(await hex(sdp(bob), sdp(ada))).toBe(binding);
  });

  test('does not depend on case or on naming one fingerprint twice', async () => {
    const twice = sdp(bob, bob.toLowerCase());
    expect(await hex(sdp(ada), twice)).toBe(await hex(sdp(ada), sdp(bob)));
  });

  test('differs with a third party in the middle', async () => {
    expect(await hex(sdp(ada), sdp(eve))).not.toBe(await hex(sdp(eve), sdp(bob)));
  });

  test('refuses several fingerprints, by which a relay could make both ends agree', async () => {
    expect(await hex(sdp(ada), sdp(bob, eve))).toBe('malformed');
    expect(await hex(sdp(ada), sdp(bob, `a=fingerprint:sha-1 ${print('EE')}`))).toBe('malformed');
    expect(await hex(sdp(ada), `${sdp(bob)}${eve}`)).toBe('malformed');
  });

  test('refuses none, a weak hash, a cut one, or our own', async () => {
    expect(await hex(sdp(ada), sdp())).toBe('malformed');
    expect(await hex(sdp(ada), '')).toBe('malformed');
    expect(await hex(sdp(ada), sdp(`a=fingerprint:sha-1 ${print('BB')}`))).toBe('malformed');
    expect(await hex(sdp(ada), sdp('a=fingerprint:sha-256 BB:BB'))).toBe('malformed');
    expect(await hex(sdp(ada), sdp(ada))).toBe('malformed');
  });
});
