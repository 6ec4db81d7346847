// Faults in how entries are made, verified, linked and stored.
import type { Mutant } from '../mutant.ts';

export const LOG_MUTANTS: readonly Mutant[] = [
  {
    name: 'acknowledges before it writes',
    file: 'lib/log/replica.ts',
    from: 'const appended = await store.append(space, [toStored(entry)]);',
    to: 'const appended = { ok: true as const, value: undefined }; void store.append(space, [toStored(entry)]);',
  },
  {
    name: 'sends before it writes',
    file: 'lib/log/replica.ts',
    from: 'const appended = await store.append(space, [toStored(entry)]);',
    to: 'announce(space, [entry], []); const appended = await store.append(space, [toStored(entry)]);',
  },
  {
    name: 'passes on before it writes',
    file: 'lib/log/acceptance.ts',
    from: 'const appended = stored.length > 0 ? await parts.store.append(space, stored) : ok(null);',
    to: 'if (stored.length > 0) void parts.store.append(space, stored); const appended: Result<unknown> = ok(null);',
  },
  {
    name: 'does not check signatures',
    file: 'lib/log/seal.ts',
    from: "if (!(await verify(header.author, signedMessage(hash), signature))) return badSignature('it');",
    to: '',
  },
  {
    name: 'does not check bodies',
    file: 'lib/log/seal.ts',
    from: "if (!equalBytes(hashOf('entry-body', body), header.bodyHash)) return badSignature('its body');",
    to: '',
  },
  {
    name: 'takes entries of other spaces',
    file: 'lib/log/acceptance.ts',
    from: 'return toHex(entry.header.space) === space ? ok(entry) : WRONG_SPACE;',
    to: 'void WRONG_SPACE; void space; return ok(entry);',
  },
  {
    name: 'takes the word for a broken link',
    file: 'lib/log/chain.ts',
    from: "return equalBytes(prev, head.hash) ? 'next' : 'broken';",
    to: "return 'next';",
  },
  {
    name: 'forgets forks',
    file: 'lib/log/acceptance.ts',
    from: 'if (isTakenUp(state, entry)) {',
    to: 'if (isTakenUp({ ...state, forked: new Map() }, entry)) {',
  },
  {
    name: 'does not see a fork',
    file: 'lib/log/acceptance.ts',
    from: "if (rival === null || equalBytes(rival.hash, entry.hash)) return { at: 'known' };",
    to: "if (rival !== null) return { at: 'known' };",
  },
  {
    name: 'drops a proof that comes before the log',
    file: 'lib/log/acceptance.ts',
    from: "if (isControl || rival === undefined || equalBytes(rival.hash, entry.hash)) return { at: 'gap' };",
    to: "if (isControl || rival === undefined || rival !== entry) return { at: 'gap' };",
  },
  {
    name: 'forgets proofs at a restart',
    file: 'lib/log/space-state.ts',
    from: 'forked.set(author, Math.min(seq, forked.get(author) ?? seq));',
    to: 'forked.set(author, Infinity * seq);',
  },
  {
    name: 'runs tasks at once that must take turns',
    file: 'lib/log/mutex.ts',
    from: 'const run = last.then(task, task);',
    to: 'const run = task();',
  },
  {
    name: 'makes nonces from places',
    file: 'lib/log/seal.ts',
    from: 'const nonce = randomBytes(12);',
    to: 'const nonce = new Uint8Array(12); new DataView(nonce.buffer).setUint32(0, place.seq);',
  },
];
