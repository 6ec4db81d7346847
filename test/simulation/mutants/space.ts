// Faults in how a space is read and written.
import type { Mutant } from '../mutant.ts';

export const SPACE_MUTANTS: readonly Mutant[] = [
  {
    name: 'answers before a person can read what they wrote',
    file: 'lib/space/space.ts',
    from: 'await this.#reading.current();\n    return open(written.value',
    to: 'return open(written.value',
  },
  {
    name: 'reads a document before it is up to date',
    file: 'lib/space/shelved-document.ts',
    from: 'const current = await this.#inTurn(() => this.#catchUp());',
    to: 'const current = ok(null); void this.#inTurn(() => this.#catchUp());',
  },
  {
    name: 'takes an entry in twice',
    file: 'lib/space/intake.ts',
    from: 'if (header.seq !== (this.#taken.get(author) ?? 0) + 1) return false;',
    to: 'if (header.seq > (this.#taken.get(author) ?? 0) + 1) return false;',
  },
  {
    name: 'forgets to count what it cannot open',
    file: 'lib/space/intake.ts',
    from: 'this.#quarantined += 1;',
    to: '',
  },
  {
    name: 'starts with half of its log',
    file: 'lib/space/space-reading.ts',
    from: 'await this.#takeIn(entries);\n        seq',
    to: 'await this.#takeIn(entries.slice(0, 4));\n        seq',
  },
  {
    name: 'does not bind changes to their author',
    file: 'lib/space/documents/gate/change-gate.ts',
    from: 'if (actors[0] !== change.actor) {',
    to: 'if (actors.length === 0) {',
  },
  {
    name: 'forgets changes that wait for others',
    file: 'lib/space/documents/gate/waiting-room.ts',
    from: 'const released = this.#watchers.get(hash) ?? [];',
    to: 'const released = (this.#watchers.get(hash) ?? []).slice(1);',
  },
  {
    name: 'does not build a lost document anew',
    file: 'lib/space/shelved-document.ts',
    from: 'this.#given = null;\n    this.#incomplete = false;',
    to: 'this.#incomplete = false;',
  },
  {
    name: 'proposes two changes at once',
    file: 'lib/space/document-shelf.ts',
    from: 'return turn(task);',
    to: 'void turn;\n    return task();',
  },
];
