// What the extension's own pages can ask of a node that has a person.
import type { PanelHandlers } from '../messaging/panel.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { relayAddress } from '../wire/invite.ts';
import type { Desk } from './desk.ts';
import { pastHandlers } from './past/past-handlers.ts';
import { removeDevice } from './device-removal.ts';
import { fileHandlers } from './file-handlers.ts';
import { answerLateWork } from './late-work.ts';
import { makeInviteLink, readInviteLink } from './invites.ts';
import { forgetPhrase, readPhrase, renameProfile } from './profile.ts';
import type { HeldSpace } from './held-space.ts';
import { renewDevice } from './renew-device.ts';
import { textHandlers } from './texts/text-handlers.ts';

/** Everything but how a browser comes to have a person, which is before there is a desk. */
export type DeskHandlers = Omit<
  PanelHandlers,
  'createPerson' | 'previewInvite' | 'joinDevices' | 'confirmJoining' | 'cancelJoining'
>;

export function createDeskHandlers(desk: Desk): DeskHandlers {
  return {
    ...spaceHandlers(desk),
    ...groupHandlers(desk),
    ...deviceHandlers(desk),
    ...annotationHandlers(desk),
    ...agentHandlers(desk),
    ...pastHandlers(desk),
    ...fileHandlers(desk),
    ...textHandlers(desk),
  };
}

function spaceHandlers(desk: Desk) {
  const { spaces, settings, network } = desk;
  /** Open pages say where a new annotation goes, so they must hear of it when that changes. */
  const shown = <T>(result: Result<T>): Result<T> => {
    if (result.ok) void desk.pages.redraw('all');
    desk.changed();
    return result;
  };
  return {
    renamePerson: async ({ name }) => {
      desk.setProfile(await renameProfile(desk.records, desk.profile(), name));
      return shown(await spaces.announceAgain());
    },
    showPhrase: async () => ok({ phrase: await readPhrase(desk.records) }),
    forgetPhrase: async () => {
      await forgetPhrase(desk.records);
      return ok(null);
    },
    createSpace: async ({ name, keys }) => {
      const begin = desk.stewardship.begin;
      const made = await spaces.create(name, settings.relay(), begin, keys);
      // From the start, so that everyone who comes in can invite others.
      if (made.ok) await desk.admissions.lobbyOf(desk.lobbies, made.value, settings.relay());
      return shown(idOf(made));
    },
    renameSpace: ({ spaceId, name }) => spaces.rename(spaceId, name),
    openSpace: async ({ spaceId }) => {
      // A space that one still waits for has nothing to open yet.
      if (desk.lobbies.visited().some((lobby) => lobby.spaceId === spaceId)) return ok(null);
      return shown(await spaces.setActive(spaceId));
    },
    invite: async ({ spaceId }) => {
      const held = spaces.find(spaceId);
      return held.ok ? linkTo(desk, held.value) : held;
    },
    joinSpace: async ({ link }) => {
      const invite = await readInviteLink(link);
      if (!invite.ok) return invite;
      const may = await desk.leaving.mayJoin(invite.value.spaceId);
      if (!may.ok) return may;
      await desk.ownDevices.noteLeft(invite.value.spaceId, false);
      return shown(await desk.admissions.join(desk.lobbies, invite.value));
    },
    leaveSpace: async ({ spaceId }) => shown(await forgetSpace(desk, spaceId)),
    leaveGroup: async ({ spaceId, anyway }) => {
      const held = spaces.find(spaceId);
      if (!held.ok) return held;
      const told = await desk.leaving.tell(held.value, anyway);
      return told.ok ? shown(await forgetSpace(desk, spaceId)) : told;
    },
    setRelay: async ({ url }) => {
      const address = relayAddress(url);
      if (address === null) return notARelay(url);
      await spaces.moveToRelay(settings.relay(), address);
      await settings.setRelay(address);
      network.refresh();
      for (const held of spaces.meeting()) void network.spaceAdded(held);
      network.retryNow();
      desk.changed();
      return ok(null);
    },
  } satisfies Partial<DeskHandlers>;
}

function groupHandlers(desk: Desk) {
  const { spaces, lobbies, stewardship, changed } = desk;
  const deciding = async (
    spaceId: string,
    decide: (held: HeldSpace) => Promise<Result<unknown>>,
  ): Promise<Result<null>> => {
    const held = spaces.find(spaceId);
    if (!held.ok) return held;
    const decided = await decide(held.value);
    changed();
    return decided.ok ? ok(null) : decided;
  };
  return {
    decideRequest: ({ spaceId, requestId, allow }) => lobbies.decide(requestId, spaceId, allow),
    removePerson: ({ spaceId, person }) =>
      deciding(spaceId, (held) => stewardship.remove(held, person)),
    setAdmission: ({ spaceId, admit }) =>
      deciding(spaceId, (held) => stewardship.setPolicy(held, { admit })),
    setRole: ({ spaceId, person, role }) =>
      deciding(spaceId, (held) => stewardship.setRole(held, person, role)),
    answerDecision: ({ spaceId, decisionId, confirm }) =>
      deciding(spaceId, (held) => stewardship.answer(held, decisionId, confirm)),
    answerLateWork: ({ spaceId, ...answer }) =>
      deciding(spaceId, (held) => answerLateWork(desk, held, answer)),
    withdrawDecision: ({ spaceId, decisionId }) =>
      deciding(spaceId, (held) => stewardship.withdraw(held, decisionId)),
  } satisfies Partial<DeskHandlers>;
}

function deviceHandlers(desk: Desk) {
  const { offers } = desk;
  return {
    offerDevice: () => offers.begin(),
    allowDevice: ({ phrase }) => offers.allow(phrase),
    cancelOffer: async () => {
      await offers.cancel();
      return ok(null);
    },
    renewDevice: ({ phrase }) => renewDevice(desk, phrase),
    goOnHere: async () => {
      await desk.history.cutOff.goOn();
      return ok(null);
    },
    removeDevice: async ({ device, phrase }) => {
      const removed = await removeDevice(desk, device, phrase);
      desk.changed();
      return removed;
    },
  } satisfies Partial<DeskHandlers>;
}

function annotationHandlers(desk: Desk) {
  return {
    editAnnotation: ({ spaceId, annotationId, url, note }) =>
      desk.annotations.edit({ id: annotationId, spaceId, url }, note),
    removeAnnotation: ({ spaceId, annotationId, url }) =>
      desk.annotations.remove({ id: annotationId, spaceId, url }),
    showAnnotation: ({ annotationId, tabId }) => desk.pages.show(tabId, annotationId),
  } satisfies Partial<DeskHandlers>;
}

function agentHandlers({ authority, agents, changed }: Desk) {
  return {
    decidePairing: (decision) => authority.pairings.decide(decision.id, decision),
    changeGrant: ({ agent, grant }) => authority.change(agent, grant),
    stopAgent: async ({ agent }) => {
      const stopped = await authority.stop(agent);
      changed();
      return stopped;
    },
    retryBridge: async () => {
      agents.retryNow();
      return ok(null);
    },
  } satisfies Partial<DeskHandlers>;
}

/** Here only; whoever was still waiting to be let in just stops waiting. */
async function forgetSpace(desk: Desk, spaceId: string): Promise<Result<null>> {
  const { lobbies, spaces, ownDevices, sent } = desk;
  await lobbies.close(spaceId);
  if (!spaces.find(spaceId).ok) return ok(null);
  await ownDevices.noteLeft(spaceId, true);
  const left = await spaces.leave(spaceId);
  if (left.ok) await sent.forget(spaceId);
  return left;
}

async function linkTo(desk: Desk, held: HeldSpace): Promise<InviteLink> {
  const { record } = held;
  const { genesis, name } = record;
  const relay = record.relay ?? desk.settings.relay();
  const lobby = await desk.admissions.lobbyOf(desk.lobbies, held, relay);
  if (!lobby.ok) return lobby;
  const { genesis: entrance, secret } = lobby.value;
  const spaceAndRelay = { genesis, relay, spaceName: name, createdAt: desk.now() };
  const invite = { lobby: entrance, secret, ...spaceAndRelay };
  return ok({ link: await makeInviteLink(invite, desk.profile()), expiresAt: null });
}

type InviteLink = Result<{ readonly link: string; readonly expiresAt: number | null }>;

function idOf(held: Result<HeldSpace>): Result<{ spaceId: string }> {
  return held.ok ? ok({ spaceId: held.value.record.id }) : held;
}

function notARelay(url: string): Result<never> {
  return fail(
    'bad_arguments',
    `“${url.slice(0, 100)}” is not the address of a relay.`,
    'Expected an address such as wss://relay.example.org.',
  );
}
