// What really happened, as only the simulation knows it: who wrote what, and what each node gave its word for.
import type { StoredEntry } from '../../lib/store/entry-store.ts';

/** An entry that a node called durable. */
export interface Promised {
  readonly author: string;
  readonly seq: number;
  readonly hash: string;
}

export interface Told {
  readonly by: string;
  readonly text: string;
}

/** Of an entry's header, what says whether it counts. */
export interface Placed {
  /** The control head that it names, hex. */
  readonly control: string;
  readonly epoch: number;
  readonly seq: number;
  readonly author: string;
}

export interface AnnotationFacts {
  readonly document: string;
  /** The device that made it, hex. */
  readonly by: string;
  /** Every note that anyone gave it, in the order of giving. */
  readonly notes: Told[];
}

export interface Facts {
  /** Devices that belong to the space, honest or not, hex. */
  readonly members: Set<string>;
  readonly honest: Set<string>;
  /** Honest devices of which two histories may come to be: restored from an old copy, or copied. */
  readonly split: Set<string>;
  readonly promised: Promised[];
  /** By id, those of honest people. */
  readonly annotations: Map<string, AnnotationFacts>;
  /** Ids that somebody has asked to remove. */
  readonly removed: Set<string>;
  readonly names: Told[];
  /** Entries as their authors wrote them, by hash: nobody may hold other bytes under that name. */
  readonly written: Map<string, StoredEntry>;
  /** Entries with sealed bodies that anybody watched has stored, by hash. */
  readonly placed: Map<string, Placed>;
  /** The document that an entry changes, by the entry's hash, as far as anybody was seen to take it in. */
  readonly documents: Map<string, string>;
  /** Devices whose person has had a role at some time in which they may not write everything. */
  readonly lowered: Set<string>;
  /** Whose request to be let in somebody has said no to. */
  readonly turnedAway: Set<string>;
  /** Someone who may decide has been given cause to decide twice. */
  isDisputed: boolean;
}

export function noFacts(): Facts {
  return {
    members: new Set(),
    honest: new Set(),
    split: new Set(),
    promised: [],
    annotations: new Map(),
    removed: new Set(),
    names: [],
    written: new Map(),
    placed: new Map(),
    documents: new Map(),
    lowered: new Set(),
    turnedAway: new Set(),
    isDisputed: false,
  };
}
