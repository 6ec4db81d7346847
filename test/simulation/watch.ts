// Sees what may never happen, at the moment it happens: on every disk, and between honest parties.
import { hashOf } from '../../lib/identity/hash.ts';
import type { ForkProof, StoredEntry } from '../../lib/store/entry-store.ts';
import { equalBytes, toHex } from '../../lib/wire/bytes.ts';
import { decodeEntry, type EntryHeader } from '../../lib/wire/entry.ts';
import type { Failure } from '../../lib/wire/failure.ts';
import type { Chronicle } from './chronicle.ts';
import type { Disk } from './disk.ts';
import type { Facts } from './facts.ts';
import type { Party } from './network.ts';
import type { Pipe } from './pipe.ts';
import { isSigned } from './subtle.ts';
import type { Trace } from './trace.ts';

export interface Violation {
  readonly invariant: string;
  readonly detail: string;
}

export interface Watch {
  readonly violations: readonly Violation[];
  report(invariant: string, detail: string): void;
  all(invariant: string, details: readonly string[]): void;
  /** Looks at everything that is written to a disk from now on. */
  over(name: string, disk: Disk): void;
  /** An honest party refused something that came over a pipe. */
  accused(by: Party, pipe: Pipe, failure: Failure): void;
}

export interface WatchOptions {
  /** Hex. */
  readonly space: string;
  readonly facts: Facts;
  /** Null in a club in which nobody decides. */
  readonly chronicle: Chronicle | null;
  readonly trace: Trace;
  /** What is reported goes here. */
  readonly violations: Violation[];
}

export function createWatch(options: WatchOptions): Watch {
  const { space, facts, chronicle, trace, violations } = options;
  const nonces = new Map<string, string>();
  const report = (invariant: string, detail: string): void => {
    trace.note(`VIOLATION ${invariant}: ${detail}`);
    violations.push({ invariant, detail });
  };

  const checkEntry = (where: string, entry: StoredEntry, disk: Disk): void => {
    const what = `${where} stored ${entry.author.slice(0, 8)}#${entry.seq}`;
    checkPlace(entry, disk, what);
    if (entry.author === space) return checkDecision(where, entry);
    remember(entry, what);
    const decoded = decodeEntry(entry.bytes);
    if (!decoded.ok) return report('stored entries are well formed', what);
    const { header, headerBytes, body, signature } = decoded.value;
    if (!facts.members.has(entry.author)) report('nothing from a stranger is stored', what);
    if (toHex(header.space) !== space) report('nothing from another space', what);
    const hash = hashOf('entry-header', headerBytes);
    const signed = hashOf('entry-signature', hash);
    if (!isSigned(header.author, signed, signature)) report('no forged entry is stored', what);
    if (!equalBytes(hashOf('entry-body', body), header.bodyHash)) {
      report('no altered body is stored', what);
    }
    if (facts.honest.has(entry.author)) checkNonce(header, toHex(hash), what);
    const { epoch, seq } = header;
    if (seq !== entry.seq || !isSame(header.prev, entry.prev)) {
      report('entries are stored in the places that they name', what);
    }
    const control = toHex(header.control);
    facts.placed.set(toHex(hash), { control, epoch, seq, author: entry.author });
  };
  const checkPlace = ({ author, seq, prev }: StoredEntry, { contents }: Disk, what: string) => {
    const last = contents.logs.get(author)?.at(-1);
    if (seq !== (last?.seq ?? 0) + 1 || !isSame(prev, last?.hash ?? null)) {
      report('every stored entry follows the one before it', what);
    }
    const proof = contents.forks.get(author);
    if (proof !== undefined && seq > proof.seq) {
      report('nothing is taken from an author after the proof of a fork', what);
    }
  };
  const checkDecision = (where: string, { bytes, seq }: StoredEntry): void => {
    trace.note(`${where} knows decision ${seq}`);
    const faults = chronicle?.take(bytes) ?? ['nobody decides here'];
    for (const fault of faults)
      report('nothing is decided but by rule', `${where} #${seq}: ${fault}`);
    for (const height of chronicle?.forks() ?? []) {
      if (!facts.isDisputed) report('the stewards decide once', `${where}: twice at ${height}`);
    }
  };
  const remember = (entry: StoredEntry, what: string): void => {
    const id = toHex(entry.hash);
    const written = facts.written.get(id) ?? entry;
    facts.written.set(id, written);
    if (!equalBytes(written.bytes, entry.bytes)) report('one name, one content', what);
  };
  const checkNonce = ({ author, epoch, nonce }: EntryHeader, hash: string, what: string): void => {
    const id = `${toHex(author)}/${epoch}/${toHex(nonce)}`;
    const user = nonces.get(id) ?? hash;
    nonces.set(id, user);
    if (user !== hash) report('no nonce is used twice', what);
  };
  const checkProof = (where: string, proof: ForkProof): void => {
    const { author } = proof;
    trace.note(`${where} proves a fork of ${author.slice(0, 8)} at ${proof.seq}`);
    if (facts.honest.has(author) && !facts.split.has(author)) {
      report('no honest author is said to have forked', `${where} of ${author.slice(0, 8)}`);
    }
  };
  return {
    violations,
    report,
    all: (invariant, details) => {
      for (const detail of details) report(invariant, detail);
    },
    over: (name, disk) =>
      disk.listen({
        onAppended: (entry) => checkEntry(name, entry, disk),
        onFork: (proof) => checkProof(name, proof),
      }),
    accused: (by, pipe, failure) => {
      const other = pipe.ends.find((end) => end !== by);
      trace.note(`${by.name} refuses ${other?.name}: ${failure.code}`);
      if (other?.isHonest !== true || failure.code === 'storage_full') return;
      // Who does not know of a space, or of someone's coming or going, says so.
      const isDoor = failure.code === 'not_found' || failure.code === 'permission_denied';
      if (chronicle !== null && isDoor) return;
      report('honest parties find no fault with each other', `${by.name}: ${failure.message}`);
    },
  };
}

function isSame(one: Uint8Array | null, other: Uint8Array | null): boolean {
  return one === null || other === null ? one === other : equalBytes(one, other);
}
