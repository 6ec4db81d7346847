// What a panel shows when this browser turned out to be a copy of another one, or was put back to an earlier state.
import type { CopyView } from '../messaging/copy-state.ts';
import { toHex } from '../wire/bytes.ts';
import { personIn } from './council-parts.ts';
import type { Desk } from './desk.ts';
import type { HeldSpace } from './held-space.ts';
import type { Profile } from './profile.ts';

export async function readCopy({ history, spaces, profile }: Desk): Promise<CopyView | null> {
  const { logs, cutOff } = history;
  const mayGoOn = !logs.isElsewhere;
  if (cutOff.isRenewed) return { kind: 'renewed', count: 0, mayGoOn: false };
  const setAside = await cutOff.dropped();
  const count = setAside.reduce((total, { count: waiting }) => total + waiting, 0);
  if (count > 0) return { kind: 'set_aside', count, mayGoOn };
  const taken = { kind: 'taken_back', count: 0, mayGoOn: false } as const;
  if ([spaces.home(), ...spaces.list()].some((held) => isTakenBack(held, profile()))) return taken;
  return logs.isElsewhere ? { kind: 'elsewhere', count: 0, mayGoOn } : null;
}

/** The person is in a space, and this device is not any more. */
function isTakenBack({ group }: HeldSpace, profile: Profile): boolean {
  const tip = group?.log.tip();
  const isOut = tip?.gone.has(toHex(profile.signer.publicKey)) === true;
  return isOut && tip.persons.has(personIn(profile));
}
