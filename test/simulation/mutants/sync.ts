// Faults in how replicas talk to each other.
import type { Mutant } from '../mutant.ts';

export const SYNC_MUTANTS: readonly Mutant[] = [
  {
    name: 'does not confirm what it has stored',
    file: 'lib/sync/exchange.ts',
    from: "if (held.length > 0) this.#sayHeads(held, 'answer');",
    to: '',
  },
  {
    name: 'takes what is pushed for what is held',
    file: 'lib/sync/exchange.ts',
    from: 'for (const { header } of news) this.#pushed.set(toHex(header.author), header.seq);',
    to: 'for (const head of newestPerAuthor(news)) raise(this.#theirs, head);',
  },
  {
    name: 'says that it holds what it was sent',
    file: 'lib/sync/exchange.ts',
    from: 'if (trouble !== null) this.#options.onTrouble(trouble);',
    to: "if (trouble !== null) return void this.#sayHeads([...this.#theirs.values()], 'answer');",
  },
  {
    name: 'tells nobody of forks',
    file: 'lib/sync/exchange.ts',
    from: 'this.#tellForks(forks);\n    if',
    to: 'void forks;\n    if',
  },
  {
    name: 'does not ask about suspects',
    file: 'lib/sync/exchange.ts',
    from: 'this.#askAbout(suspects);',
    to: 'void suspects;',
  },
  {
    name: 'loses what is stored while it takes a batch in',
    file: 'lib/sync/exchange.ts',
    from: 'this.#meanwhile.push(...stored);',
    to: 'void stored;',
  },
  {
    name: 'asks the same question for ever',
    file: 'lib/sync/exchange.ts',
    from: 'if (ranges.length === 0 || question === this.#lastQuestion) return;',
    to: 'if (ranges.length === 0) return;',
  },
  {
    name: 'asks once and never again',
    file: 'lib/sync/exchange.ts',
    from: '    this.#isAsking = false;\n    const {',
    to: '    const {',
  },
  {
    name: 'does not say at the start what it has',
    file: 'lib/sync/exchange.ts',
    from: 'await this.#sayHave();\n  }',
    to: '}',
  },
  {
    name: 'never says what it kept back',
    file: 'lib/sync/exchange.ts',
    from: 'if (this.#isBehind) this.#sayHave()',
    to: 'if (this.#isBehind && this.#theirs.size > 1e9) this.#sayHave()',
  },
  {
    name: 'lets anyone in',
    file: 'lib/sync/space-door.ts',
    from: '(await verify(key.value, signed, access)) ? null : NOT_A_MEMBER',
    to: '(await verify(key.value, signed, access)) ? null : null',
  },
  {
    name: 'does not ask who it talks to',
    file: 'lib/sync/session.ts',
    from: "const isAtRelay = this.#known?.role === 'relay' && channel.kind !== 'webrtc';",
    to: "const isAtRelay = this.#known?.role === 'relay'; void channel;",
  },
];
