// Readers of signed statements and other decoders that stand above lib/wire, where the outside comes in as well.
import { readLogEntry } from '../../../lib/group/control-logs.ts';
import { readControl } from '../../../lib/group/control-entry.ts';
import {
  certifyAgent,
  certifyDevice,
  readAgentCertificate,
  readCertificate,
} from '../../../lib/identity/certificate.ts';
import {
  decodeDeviceList,
  encodeDeviceList,
  readDeviceStatement,
  readRevocation,
  revokeDevice,
} from '../../../lib/identity/device-list.ts';
import { didOfKey, keyOfDid } from '../../../lib/identity/did-key.ts';
import { parsePairingText, pairingText } from '../../../lib/identity/pairing-code.ts';
import { signerOfSeed } from '../../../lib/identity/signer.ts';
import { verifyEntry } from '../../../lib/log/seal.ts';
import { ok } from '../../../lib/wire/failure.ts';
import type { Random } from '../../simulation/random.ts';
import type { Decoder } from '../decoder.ts';
import { bytesDecoder, REFUSED, textDecoder } from './byte-decoder.ts';
import { certified } from './control.ts';
import { entry } from './messages.ts';

export async function signedDecoders(): Promise<Decoder[]> {
  const person = await signerOfSeed(new Uint8Array(32).fill(1));
  const device = await signerOfSeed(new Uint8Array(32).fill(2));
  const mark = { space: new Uint8Array(32).fill(3), seq: 4, hash: new Uint8Array(32).fill(5) };
  const certificate = await certifyDevice(person, device.publicKey, 1);
  const agent = await certifyAgent(device, person.publicKey, 2);
  const revocation = await revokeDevice(person, device.publicKey, 3, [mark]);
  const list = encodeDeviceList([certificate, revocation]);
  const either = (random: Random): Uint8Array => random.pick([certificate, revocation]);
  return [
    bytesDecoder('readCertificate', () => certificate, readCertificate),
    bytesDecoder('readAgentCertificate', () => agent, readAgentCertificate),
    bytesDecoder('readRevocation', () => revocation, readRevocation),
    bytesDecoder('readDeviceStatement', either, readDeviceStatement),
    bytesDecoder('decodeDeviceList', () => list, decodeDeviceList, encodeDeviceList),
    bytesDecoder('verifyEntry', entry, verifyEntry, ({ bytes }) => bytes),
    bytesDecoder('readControl', certified, readControl, ({ bytes }) => bytes),
    bytesDecoder('readLogEntry', certified, (bytes) => readLogEntry(bytes) ?? REFUSED),
    textDecoder('keyOfDid', {
      sample: (random) => didOfKey(random.bytes(32)),
      decode: keyOfDid,
      spell: (key) => didOfKey(key as Uint8Array),
    }),
    textDecoder('parsePairingText', {
      sample: (random) => pairingText(random.bytes(16)),
      decode: (text) => {
        const read = parsePairingText(text);
        return read.ok ? ok(pairingText(read.value)) : read;
      },
      settles: true,
    }),
  ];
}
