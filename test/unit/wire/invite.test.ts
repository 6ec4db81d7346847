// Addresses of invites are known by how they begin, whole or damaged; a damaged one is never read as an invite.
import { expect, test } from 'vitest';
import { inviteLink, isInviteAddress, parseInviteLink } from '../../../lib/wire/invite.ts';

const link = inviteLink({
  lobby: new Uint8Array(80).fill(5),
  genesis: new Uint8Array(80).fill(1),
  secret: new Uint8Array(32).fill(2),
  relay: 'http://127.0.0.1:7340',
  spaceName: 'Tides',
  inviterName: 'Ada',
  certificate: new Uint8Array(150).fill(3),
  createdAt: 1_700_000_000_000,
  signature: new Uint8Array(64).fill(4),
});
const fragmentAt = link.indexOf('#') + 1;

test('a whole link is read back, and is at the address of an invite', () => {
  expect(parseInviteLink(link)).toMatchObject({ ok: true, value: { spaceName: 'Tides' } });
  expect(isInviteAddress(link)).toBe(true);
});

test('a link that was cut off anywhere is known for an invite and refused', () => {
  for (let length = fragmentAt + 2; length < link.length; length++) {
    const cut = link.slice(0, length);
    expect(isInviteAddress(cut)).toBe(true);
    expect(parseInviteLink(cut)).toMatchObject({ ok: false, failure: { code: 'malformed' } });
  }
});

test.for([
  'http://127.0.0.1:7340/join',
  'http://127.0.0.1:7340/join#',
  'https://example.org/join#team',
  'https://example.org/rejoin-us#igab',
  'https://example.org/#/join#igab',
  'javascript:alert(1)/join#igab',
])('%s is not the address of an invite', (url) => {
  expect(isInviteAddress(url)).toBe(false);
});
