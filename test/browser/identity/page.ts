// Runs inside a page of a real browser, with the product's modules: judges signatures that the test made.
import { isRegistrable, verify, verifyWithNoble } from '../../../lib/identity/signature.ts';
import { createDeviceKey, signerOfDevice, signerOfSeed } from '../../../lib/identity/signer.ts';
import { fromHex, toHex, utf8 } from '../../../lib/wire/bytes.ts';
import { converse, pairingParts } from '../../support/pairing-parts.ts';

export interface AskedSignature {
  readonly key: string;
  readonly message: string;
  readonly signature: string;
}

export interface Verdict {
  readonly verify: boolean;
  readonly fallback: boolean;
  readonly isRegistrable: boolean;
}

const tools = {
  judge: (cases: readonly AskedSignature[]): Promise<Verdict[]> =>
    Promise.all(
      cases.map(async (one) => {
        const key = unhex(one.key);
        const message = unhex(one.message);
        const signature = unhex(one.signature);
        return {
          verify: await verify(key, message, signature),
          fallback: verifyWithNoble(key, message, signature),
          isRegistrable: isRegistrable(key),
        };
      }),
    ),
  /** How device keys are held here: `webcrypto` where the browser has Ed25519, and whether its half can be exported. */
  deviceKey: async () => {
    const key = await createDeviceKey();
    const signature = await (await signerOfDevice(key)).sign(utf8('m'));
    return {
      form: key.form,
      extractable: key.form === 'webcrypto' && key.pair.privateKey.extractable,
      good: await verify(key.publicKey, utf8('m'), signature),
    };
  },
  /** A whole pairing inside this browser. */
  pair: async () => {
    const { met, seen, enrolment } = await converse(await pairingParts());
    const isSame = met.digits === seen.digits;
    return {
      isSame,
      control: enrolment.home.control.length,
      devices: enrolment.devices.current.length,
    };
  },
  /** The key and signature that a seed of 32 equal bytes gives. */
  signWithSeed: async (byte: number, message: string) => {
    const signer = await signerOfSeed(new Uint8Array(32).fill(byte));
    return { did: signer.did, signature: toHex(await signer.sign(utf8(message))) };
  },
};

export type PageTools = typeof tools;

function unhex(text: string): Uint8Array {
  const bytes = fromHex(text);
  if (bytes === null) throw new Error(`expected hex, got ${text}`);
  return bytes;
}

Object.assign(globalThis, { tools });
