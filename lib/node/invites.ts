// Making invites and believing them: an invite is signed by a device whose person vouches for it.
import { readCertificate } from '../identity/certificate.ts';
import { hashOf } from '../identity/hash.ts';
import { verify } from '../identity/signature.ts';
import { spaceIdOf } from '../log/space-id.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import {
  inviteLink,
  parseInviteLink,
  unsignedInvite,
  type Invite,
  type SignedInvite,
} from '../wire/invite.ts';
import { deriveAccessSigner } from '../group/epoch-keys.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import { decodeGenesis } from '../wire/space-genesis.ts';
import type { Profile } from './profile.ts';

export interface ReadInvite extends SignedInvite {
  /** Hex: of the space that it leads to. */
  readonly spaceId: string;
  /** Hex: of the lobby in which one asks. */
  readonly lobbyId: string;
  /** did:key of the person who invites. */
  readonly inviter: string;
}

export async function makeInviteLink(
  invite: Omit<Invite, 'certificate' | 'inviterName'>,
  profile: Profile,
): Promise<string> {
  const whole = { ...invite, certificate: profile.certificate, inviterName: profile.name };
  const signature = await profile.signer.sign(signedMessage(whole));
  return inviteLink({ ...whole, signature });
}

/** Failures: those of `parseInviteLink`, `bad_signature`. */
export async function readInviteLink(link: string): Promise<Result<ReadInvite>> {
  const parsed = parseInviteLink(link);
  if (!parsed.ok) return parsed;
  const invite = parsed.value;
  const genesis = decodeGenesis(invite.genesis);
  const lobby = decodeGenesis(invite.lobby);
  if (!genesis.ok) return genesis;
  if (!lobby.ok) return lobby;
  const access = await deriveAccessSigner(invite.secret, 0);
  if (!equalBytes(access.publicKey, lobby.value.access)) return notGenuine();
  const certificate = await readCertificate(invite.certificate);
  if (!certificate.ok) return notGenuine();
  const { deviceKey, person } = certificate.value;
  if (!(await verify(deviceKey, signedMessage(invite), invite.signature))) return notGenuine();
  const ids = {
    spaceId: toHex(spaceIdOf(invite.genesis)),
    lobbyId: toHex(spaceIdOf(invite.lobby)),
  };
  return ok({ ...invite, ...ids, inviter: person });
}

function signedMessage(invite: Invite): Uint8Array {
  return hashOf('invite', unsignedInvite(invite));
}

function notGenuine(): Result<never> {
  return fail(
    'bad_signature',
    'This invite was changed after it was made. Nothing was joined.',
    'Ask the person who invited you to send a new link.',
  );
}
