// The person's own devices as the options show them: what they are called, where they are, what their agents may do.
import { agentSummaries } from '../authority/views.ts';
import { createBook } from '../authority/book.ts';
import type { OpenedEntry } from '../space/opened-entry.ts';
import type { DevicesView, DeviceView } from '../messaging/panel-state.ts';
import { toHex } from '../wire/bytes.ts';
import type { Desk } from './desk.ts';
import { recordedIn } from './home-ledger.ts';
import type { OwnDevice, RemovedDevice } from './home-facts.ts';
import { readPhrase } from './profile.ts';

export async function readDevices(desk: Desk): Promise<DevicesView> {
  const { ownDevices, offers, records, spaces } = desk;
  const { devices, removed } = ownDevices.facts();
  const entries = await spaces.home().space.events();
  const current = [...devices].map(([id, device]) => currentView(desk, id, device, entries));
  const former = [...removed].map(([id, device]) => removedView(desk, id, device));
  return {
    list: [...current.toSorted(thisFirst), ...former.toSorted(newestFirst)],
    offer: offers.view(),
    hasPhrase: (await readPhrase(records)) !== null,
    isRemoved: ownDevices.isRemoved(),
  };
}

function currentView(
  desk: Desk,
  id: string,
  { label, addedAt }: OwnDevice,
  entries: readonly OpenedEntry[],
): DeviceView {
  const isThisBrowser = id === ownId(desk);
  const home = desk.spaces.home().record.id;
  return {
    id,
    label,
    isThisBrowser,
    addedAt,
    removedAt: null,
    isHere: isThisBrowser || desk.network.via(home, id) !== null,
    waitingIn: spacesWhere(desk, (devices) => !devices.has(id)),
    agents: isThisBrowser ? [] : agentsOf(id, entries, desk.now()),
  };
}

function removedView(desk: Desk, id: string, { label, removedAt }: RemovedDevice): DeviceView {
  const addedAt = removedAt;
  return {
    id,
    label,
    isThisBrowser: id === ownId(desk),
    addedAt,
    removedAt,
    isHere: false,
    waitingIn: spacesWhere(desk, (devices) => devices.has(id)),
    agents: [],
  };
}

/** Names of spaces that this browser is in and whose devices are not as they should be. */
function spacesWhere(
  desk: Desk,
  isBehind: (devices: ReadonlyMap<string, unknown>) => boolean,
): readonly string[] {
  return desk.spaces.list().flatMap(({ group, record }) => {
    const devices = group?.log.tip().devices;
    if (devices === undefined || !devices.has(ownId(desk))) return [];
    return isBehind(devices) ? [record.name] : [];
  });
}

/** What another device wrote about its agents: to be seen here, and neither counted nor spent. */
function agentsOf(
  device: string,
  entries: readonly OpenedEntry[],
  now: number,
): DeviceView['agents'] {
  const book = createBook();
  for (const entry of entries) {
    const recorded = entry.author === device ? recordedIn(entry) : null;
    if (recorded !== null) book.apply(recorded.event);
  }
  return agentSummaries(book, NOTHING_RUNS, [], now).map(({ name, status }) => ({ name, status }));
}

/** What runs in another browser is known there only. */
const NOTHING_RUNS = { of: () => [] };

function ownId({ profile }: Desk): string {
  return toHex(profile().signer.publicKey);
}

function thisFirst(a: DeviceView, b: DeviceView): number {
  return Number(b.isThisBrowser) - Number(a.isThisBrowser) || a.addedAt - b.addedAt;
}

function newestFirst(a: DeviceView, b: DeviceView): number {
  return (b.removedAt ?? 0) - (a.removedAt ?? 0);
}
