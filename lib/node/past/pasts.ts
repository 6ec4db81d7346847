// The pasts of spaces that someone is looking at, each read once and let go when nobody has asked for a while.
import type { Replica } from '../../log/replica.ts';
import type { DocumentClient } from '../../space/document-client.ts';
import { openLookBack, type LookBack } from '../../space/look-back.ts';
import type { Result } from '../../wire/failure.ts';
import { covers } from '../../log/version-vector.ts';
import type { HeldSpace } from '../held-space.ts';

export interface Pasts {
  /**
   * As it was read last; with `newest`, with all that is here now, so that people find what they have just written.
   * Failures as of `readHistory`.
   */
  of(held: HeldSpace, newest: boolean): Promise<Result<LookBack>>;
}

export interface PastsOptions {
  readonly replica: Replica;
  readonly documents: DocumentClient;
}

const IDLE_MS = 120_000;
const MAX_OPEN = 2;

interface OpenPast {
  readonly reading: Promise<Result<LookBack>>;
  readonly ended: AbortController;
  timer: ReturnType<typeof setTimeout>;
}

export function createPasts({ replica, documents }: PastsOptions): Pasts {
  const open = new Map<string, OpenPast>();
  const forget = (space: string): void => {
    const past = open.get(space);
    open.delete(space);
    if (past === undefined) return;
    clearTimeout(past.timer);
    past.ended.abort();
    void past.reading.then((read) => read.ok && read.value.close());
  };
  const start = (held: HeldSpace): OpenPast => {
    const { record, keys, group } = held;
    const ended = new AbortController();
    const source = { space: record.id, replica, documents, keys, control: group?.log ?? null };
    const reading = openLookBack(source, ended.signal);
    const timer = setTimeout(() => forget(record.id), IDLE_MS);
    void reading.then((read) => read.ok || forget(record.id));
    return { reading, ended, timer };
  };
  const isNewest = async ({ record }: HeldSpace): Promise<boolean> => {
    const read = await open.get(record.id)?.reading;
    if (read?.ok !== true) return false;
    const heads = [...(await replica.heads(record.id))];
    return covers(
      read.value.history.reach,
      new Map(heads.map(([author, { seq }]) => [author, seq])),
    );
  };
  return {
    of: async (held, newest) => {
      const { id } = held.record;
      if (newest && !(await isNewest(held))) forget(id);
      const past = open.get(id) ?? start(held);
      open.delete(id);
      open.set(id, past);
      clearTimeout(past.timer);
      past.timer = setTimeout(() => forget(id), IDLE_MS);
      const [oldest] = open.keys();
      if (open.size > MAX_OPEN && oldest !== undefined) forget(oldest);
      return past.reading;
    },
  };
}
