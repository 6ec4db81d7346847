// What opens a space, from one device of a person to another by way of the home space.
import { OWN_SPACE, ownSpaceWords, type OwnSpaceWords } from './device-words.ts';
import type { HeldSpace, HomeSpace } from './held-space.ts';
import { newestEpoch } from './home-facts.ts';
import type { Network } from './network.ts';
import { secretsToPass } from './space-group.ts';
import type { Spaces } from './spaces.ts';

/** Tells the person's other devices of a space, again whenever its key changed. `known`: what they were told last. */
export async function passOn(
  home: HomeSpace,
  held: HeldSpace,
  known: OwnSpaceWords | undefined,
): Promise<void> {
  const { genesis, name, relay } = held.record;
  const secrets = secretsToPass(held);
  if (relay === null || secrets.length === 0) return;
  if (known !== undefined && newestEpoch(known) >= newestEpoch({ secrets })) return;
  await home.space.record(OWN_SPACE, ownSpaceWords({ genesis, name, relay, secrets }));
}

/** Newer secrets than this device came with: the door that was shut may open now. */
export async function takePasses(
  {
    spaces,
    network,
  }: {
    readonly spaces: Spaces;
    readonly network: () => Pick<Network, 'spaceAdded' | 'spaceRemoved'>;
  },
  held: HeldSpace,
  words: OwnSpaceWords,
): Promise<void> {
  if (newestEpoch(words) <= newestEpoch({ secrets: held.record.passes })) return;
  const amended = await spaces.amend(held.record.id, { passes: words.secrets });
  if (amended === null) return;
  await amended.group?.handOn(words.secrets);
  network().spaceRemoved(amended);
  await network().spaceAdded(amended);
}
