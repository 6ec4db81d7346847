// Every decoder through which something comes in from outside. What lib/wire exports and is not here fails a test.
import type { Decoder } from './decoder.ts';
import { authorityDecoders } from './registry/authority.ts';
import { ballotDecoders } from './registry/ballot.ts';
import { blobDecoders } from './registry/blobs.ts';
import { changeDecoders } from './registry/changes.ts';
import { checkpointDecoders } from './registry/checkpoints.ts';
import { controlDecoders } from './registry/control.ts';
import { exportDecoders } from './registry/exports.ts';
import { messageDecoders } from './registry/messages.ts';
import { pageDecoders } from './registry/pages.ts';
import { pairingDecoders } from './registry/pairing.ts';
import { signedDecoders } from './registry/signed.ts';
import { wordDecoders } from './registry/words.ts';

export async function allDecoders(): Promise<Decoder[]> {
  return [
    ...messageDecoders(),
    ...blobDecoders(),
    ...exportDecoders(),
    ...checkpointDecoders(),
    ...controlDecoders(),
    ...ballotDecoders(),
    ...pairingDecoders(),
    ...wordDecoders(),
    ...pageDecoders(),
    ...authorityDecoders(),
    ...(await signedDecoders()),
    ...(await changeDecoders()),
  ];
}
