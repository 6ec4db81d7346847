// Takes a space out of a file as its bytes come. Nothing in it is believed: entries are verified like a peer's, the whole
// by the signature of the device that made it. What had begun to arrive is taken back when the file turns out to be bad.
import { readCertificate, type DeviceCertificate } from '../../identity/certificate.ts';
import { keyOfPassphrase, type PassphraseKey } from '../../identity/passphrase.ts';
import { verify } from '../../identity/signature.ts';
import { spaceIdOf } from '../../log/space-id.ts';
import { covers } from '../../log/version-vector.ts';
import { toHex } from '../../wire/bytes.ts';
import { createExportReader, type ReadRecord } from '../../wire/export-reader.ts';
import { fail, ok, type Failure, type Result } from '../../wire/failure.ts';
import { decodeGenesis } from '../../wire/space-genesis.ts';
import {
  decodePrivatePart,
  type AuthorSecret,
  type ExportRecord,
} from '../../wire/space-export.ts';
import type { Desk } from '../desk.ts';
import { digestAfter, digestAtFirst, endMessage } from './export-space.ts';

type OfType<T extends ExportRecord['type']> = Extract<ExportRecord, { readonly type: T }>;
export type ImportParts = Pick<Desk, 'replica' | 'controlLogs' | 'arriving'>;

/** What a whole and genuine file gave. */
export interface ReadSpace {
  /** Hex. */
  readonly id: string;
  readonly genesis: Uint8Array;
  readonly name: string;
  /** As the file says; not looked at yet. */
  readonly relay: string | null;
  readonly keys: readonly AuthorSecret[];
  readonly exportedAt: number;
  /** did:key of the person behind the device that made it. */
  readonly exportedBy: string;
  /** Names the file, hex. */
  readonly file: string;
}

interface Opened {
  readonly id: string;
  readonly header: OfType<'header'>;
  readonly maker: DeviceCertificate;
  /** Nothing of it was stored here before, so that all of it can be taken back. */
  readonly isNew: boolean;
}

export class ArrivingSpace {
  readonly #parts: ImportParts;
  readonly #passphrase: string | null;
  readonly #reader = createExportReader();
  readonly #keys: AuthorSecret[] = [];
  #names: { readonly name: string; readonly relay: string | null } | null = null;
  #digest = digestAtFirst();
  #opened: Opened | null = null;
  /** Slow to make: once for all parts. */
  #unlocking: Promise<PassphraseKey> | null = null;
  #failure: Failure | null = null;

  constructor(parts: ImportParts, passphrase: string | null) {
    this.#parts = parts;
    this.#passphrase = passphrase;
  }

  /** Failures: as of the reader and of sync; `bad_arguments` for the passphrase. After one the rest fails alike. */
  async push(piece: Uint8Array): Promise<Result<null>> {
    if (this.#failure !== null) return { ok: false, failure: this.#failure };
    const read = this.#reader.push(piece);
    if (!read.ok) return this.#fails(read.failure);
    for (const one of read.value) {
      const taken = await this.#take(one);
      if (!taken.ok) return this.#fails(taken.failure);
    }
    return ok(null);
  }

  async finish(): Promise<Result<ReadSpace>> {
    if (this.#failure !== null) return { ok: false, failure: this.#failure };
    if (this.#opened === null || this.#names === null || !this.#reader.isComplete()) {
      return this.#fails(ENDS_EARLY.failure);
    }
    const { id, header, maker } = this.#opened;
    const { genesis, exportedAt } = header;
    const by = { exportedAt, exportedBy: maker.person, file: toHex(this.#digest) };
    return ok({ id, genesis, ...this.#names, keys: this.#keys, ...by });
  }

  /** Takes back what came, where nothing was here before. */
  async abandon(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    this.#failure ??= ENDS_EARLY.failure;
    if (opened === null) return;
    this.#parts.arriving.delete(opened.id);
    if (!opened.isNew) return;
    await this.#parts.replica.drop(opened.id);
    this.#parts.controlLogs.forget(opened.id);
  }

  async #fails(failure: Failure): Promise<Result<never>> {
    this.#failure = failure;
    await this.abandon();
    return { ok: false, failure };
  }

  async #take({ record, bytes }: ReadRecord): Promise<Result<null>> {
    const before = this.#digest;
    if (record.type === 'end') return this.#end(record, before, bytes);
    this.#digest = digestAfter(before, bytes);
    switch (record.type) {
      case 'header':
        return this.#open(record);
      case 'private':
        return this.#learn(record, before);
      case 'entries':
        return this.#accept(record.entries);
      case 'fork':
        return this.#accept([record.first, record.second]);
    }
  }

  async #open(header: OfType<'header'>): Promise<Result<null>> {
    const genesis = decodeGenesis(header.genesis);
    if (!genesis.ok) return genesis;
    const maker = await readCertificate(header.certificate);
    if (!maker.ok) return maker;
    if (header.lock !== null && this.#passphrase === null) return LOCKED;
    const id = toHex(spaceIdOf(header.genesis));
    const isNew = (await this.#parts.replica.heads(id)).size === 0;
    this.#opened = { id, header, maker: maker.value, isNew };
    this.#parts.arriving.set(id, header.genesis);
    return ok(null);
  }

  async #learn({ nonce, content }: OfType<'private'>, context: Uint8Array): Promise<Result<null>> {
    const lock = this.#opened?.header.lock ?? null;
    if ((nonce === null) !== (lock === null)) return ENDS_EARLY;
    let plain = content;
    if (lock !== null && nonce !== null) {
      this.#unlocking ??= keyOfPassphrase(this.#passphrase ?? '', lock);
      const unlocked = await (await this.#unlocking).open({ nonce, content }, context);
      if (!unlocked.ok) return unlocked;
      plain = unlocked.value;
    }
    const part = decodePrivatePart(plain);
    if (!part.ok) return part;
    const { name, relay, keys } = part.value;
    this.#names ??= { name, relay };
    this.#keys.push(...keys);
    return ok(null);
  }

  async #accept(entries: readonly Uint8Array[]): Promise<Result<null>> {
    if (this.#opened === null) return ENDS_EARLY;
    const { offence, trouble } = await this.#parts.replica.accept(this.#opened.id, entries);
    const failure = offence ?? trouble;
    return failure === null ? ok(null) : { ok: false, failure };
  }

  async #end(
    { heads, signature }: OfType<'end'>,
    digest: Uint8Array,
    bytes: Uint8Array,
  ): Promise<Result<null>> {
    if (this.#opened === null) return ENDS_EARLY;
    const { id, maker } = this.#opened;
    if (!(await verify(maker.deviceKey, endMessage(digest, heads), signature))) return FORGED;
    this.#digest = digestAfter(digest, bytes);
    const forked = await this.#parts.replica.forkedAuthors(id);
    const here = await this.#parts.replica.heads(id);
    const reached = new Map([...here].map(([author, { seq }]) => [author, seq]));
    const promised = heads.flatMap(({ author, seq }): [string, number][] =>
      forked.has(toHex(author)) ? [] : [[toHex(author), seq]],
    );
    return covers(reached, new Map(promised)) ? ok(null) : ENDS_EARLY;
  }
}

const LOCKED = fail(
  'bad_arguments',
  'This file is locked with a passphrase.',
  'Type the passphrase that it was exported with.',
);

const ENDS_EARLY = fail(
  'malformed',
  'This file is not whole: something that belongs to it is missing.',
  'Nothing was changed. Copy the file again, or ask for it to be exported again.',
);

const FORGED = fail(
  'bad_signature',
  'This file was changed after it was exported, or was not made by who it says.',
  'Nothing was changed. Ask for it to be exported again, and do not trust this copy.',
);
