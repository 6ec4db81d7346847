// Steps of a person with several devices, in whole nodes.
import { unwrap } from '../../lib/wire/failure.ts';
import type { KeyScheme } from '../../lib/wire/space-genesis.ts';
import { startWholeNode, type WholeNode, type WholeNodeOptions } from './whole-node.ts';

export const URL = 'https://example.org/tides';

/** Shows a code on the first and enters it on the second, up to the digits, which are given. */
export async function meetByCode(first: WholeNode, second: WholeNode): Promise<string> {
  unwrap(await first.ask('offerDevice', {}));
  const { devices } = await first.until((state) => state.devices?.offer?.isReachable === true);
  const code = devices?.offer?.code ?? '';
  unwrap(await second.ask('joinDevices', { code, relay: null }));
  const { joining } = await second.until((state) => state.joining?.step === 'compare');
  await first.until((state) => state.devices?.offer?.step === 'compare');
  return joining?.digits ?? '';
}

/** A second device of the person of `first`, with all that comes of it. */
export async function addDevice(first: WholeNode, options: WholeNodeOptions): Promise<WholeNode> {
  const second = startWholeNode(options);
  await meetByCode(first, second);
  unwrap(await first.ask('allowDevice', { phrase: null }));
  unwrap(await second.ask('confirmJoining', { same: true }));
  await second.until((state) => state.me !== null);
  await first.until((state) => state.devices?.offer?.step === 'over');
  unwrap(await first.ask('cancelOffer', {}));
  return second;
}

/** Both people in one new space, by an invite. */
export async function shareBetween(
  ada: WholeNode,
  bob: WholeNode,
  keys: KeyScheme = 'wrap',
): Promise<string> {
  const { spaceId } = unwrap(await ada.ask('createSpace', { name: 'Tides', keys }));
  await ada.until(({ relay }) => relay.state === 'connected');
  const { link } = unwrap(await ada.ask('invite', { spaceId }));
  const joined = unwrap(await bob.ask('joinSpace', { link }));
  if (joined.waitingFor !== null) throw new Error(joined.waitingFor);
  return spaceId;
}

export async function notesOf(node: WholeNode): Promise<string[]> {
  const { page } = await node.state(URL);
  return page?.annotations.map(({ note }) => note).toSorted() ?? [];
}
