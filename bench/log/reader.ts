// A space that someone reads who writes nothing, in Node.js, over a replica that holds its log.
import { randomBytes } from '../../lib/identity/hash.ts';
import { signerOfSeed } from '../../lib/identity/signer.ts';
import type { Replica } from '../../lib/log/replica.ts';
import { createSpace } from '../../lib/space/space.ts';
import { unwrap } from '../../lib/wire/failure.ts';
import { createDocuments } from '../../test/support/spaces.ts';
import type { Keystrokes } from '../keystrokes.ts';

export interface Reader extends Disposable {
  /** Settles when the log has been taken in, documents untouched. */
  ready(): Promise<void>;
  /** The text as it is. */
  read(): Promise<unknown>;
  /** Settles when the document is in its newest version, without making a text of it. */
  version(): Promise<unknown>;
}

/** `documents` unless given is a worker's part of its own, which ends with the reader. */
export async function openReader(
  { space: bytes, keys, document }: Pick<Keystrokes, 'space' | 'keys' | 'document'>,
  replica: Replica,
  documents = createDocuments(),
): Promise<Reader> {
  const signer = await signerOfSeed(randomBytes(32));
  const parts = { keys, control: null, signer, replica, documents, now: Date.now };
  const space = createSpace({ space: bytes, ...parts });
  return {
    ready: async () => void (await space.documents()),
    read: async () => unwrap(await space.read(document)),
    version: async () => unwrap(await space.versions(document, (shelf) => shelf.version(document))),
    [Symbol.dispose]: () => {
      space.close();
      documents.replace();
    },
  };
}
