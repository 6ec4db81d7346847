// Faults in who is in, who may do what, and what stewards decide.
import type { Mutant } from '../mutant.ts';

export const GROUP_MUTANTS: readonly Mutant[] = [
  {
    name: 'lets entries count beyond the end of a log',
    file: 'lib/space/judge.ts',
    from: "return { kind: 'inert' };",
    to: 'void 0;',
  },
  {
    name: 'does not ask what a role allows',
    file: 'lib/space/judge.ts',
    from: 'mayWrite(state, entry.header.author, body) ? ok(null)',
    to: 'mayWrite(state, entry.header.author, body) !== null ? ok(null)',
  },
  {
    name: 'takes an older state of the group than before',
    file: 'lib/space/judge.ts',
    from: 'return refuse(WENT_BACK);',
    to: 'void WENT_BACK;',
  },
  {
    name: 'goes on serving someone who was put out, at the relay',
    file: 'relay/door.ts',
    from: "? 'gone' : 'unknown'",
    to: "? 'member' : 'unknown'",
  },
  {
    name: 'goes on serving someone who was put out, among members',
    file: 'lib/node/door.ts',
    from: "? 'gone' : 'unknown'",
    to: "? 'member' : 'unknown'",
  },
  {
    name: 'does not show a removal to whom it concerns',
    file: 'lib/sync/doorstep.ts',
    from: 'await this.#showRemoval(knock.space);',
    to: 'void this.#showRemoval;',
  },
  {
    name: 'never looks again at who came too early',
    file: 'lib/sync/doorstep.ts',
    from: 'this.#knocks.set(toHex(knock.space), knock);',
    to: 'void knock;',
  },
  {
    name: 'follows decisions that are not stored',
    file: 'lib/group/control-logs.ts',
    from: 'return log.weigh(entry.bytes);',
    to: 'const taken = await log.take(entry.bytes); return taken.ok ? ok(null) : taken;',
  },
];
