// The documents that are loaded now, by when they were last touched. Those touched longest ago are let go when all
// together grow too large, or when nobody has touched them for a while; the log has what it takes to load them again.
import type { LiveDocument } from '../documents/live-document.ts';

export interface LoadedLimits {
  /** Bytes of changes, which stand for the memory that documents take: about ten times as much. */
  readonly maxBytes: number;
  /** How long an untouched document stays; null for ever. */
  readonly idleMs: number | null;
}

export const DEFAULT_LIMITS: LoadedLimits = { maxBytes: 32 * 1024 * 1024, idleMs: null };

interface Loaded {
  readonly document: LiveDocument;
  bytes: number;
  touchedMs: number;
}

export class LoadedDocuments {
  readonly #limits: LoadedLimits;
  /** The one touched last comes last. */
  readonly #loaded = new Map<string, Loaded>();
  #bytes = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(limits: LoadedLimits) {
    this.#limits = limits;
  }

  put(id: string, document: LiveDocument): void {
    this.remove(id);
    this.#loaded.set(id, { document, bytes: 0, touchedMs: performance.now() });
    this.#watchIdle();
  }

  get(id: string): LiveDocument | null {
    const loaded = this.#loaded.get(id);
    if (loaded === undefined) return null;
    this.#loaded.delete(id);
    this.#loaded.set(id, loaded);
    loaded.touchedMs = performance.now();
    return loaded.document;
  }

  /** Counts what a document has grown by; lets others go when that is too much. */
  grow(id: string, bytes: number): void {
    const loaded = this.#loaded.get(id);
    if (loaded === undefined) return;
    loaded.bytes += bytes;
    this.#bytes += bytes;
    for (const other of this.#loaded.keys()) {
      if (this.#bytes <= this.#limits.maxBytes) return;
      if (other !== id) this.remove(other);
    }
  }

  remove(id: string): void {
    const loaded = this.#loaded.get(id);
    if (loaded === undefined) return;
    this.#loaded.delete(id);
    this.#bytes -= loaded.bytes;
    loaded.document.free();
  }

  #watchIdle(): void {
    const { idleMs } = this.#limits;
    if (idleMs === null || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      const untilMs = performance.now() - idleMs;
      for (const [id, { touchedMs }] of this.#loaded) if (touchedMs <= untilMs) this.remove(id);
      if (this.#loaded.size > 0) this.#watchIdle();
    }, idleMs);
  }
}
