// What the extension's own pages can ask about texts that people write together.
import { ok, type Result } from '../../wire/failure.ts';
import type { Desk } from '../desk.ts';
import type { HeldSpace } from '../held-space.ts';
import type { DeskHandlers } from '../panel-handlers.ts';

export function textHandlers(desk: Desk) {
  return { ...writing(desk), ...copying(desk), ...agreeing(desk) };
}

function writing({ texts, textViews, spaces }: Desk) {
  return {
    createText: async ({ spaceId, title, form }) => {
      const made = await texts.create(spaceId, title, form);
      return made.ok ? ok({ artifact: made.value }) : made;
    },
    readText: async (place) => {
      const held = spaces.find(place.spaceId);
      return held.ok ? textViews.read(held.value, place) : held;
    },
    renameText: ({ title, ...place }) => texts.rename(place, title),
    writeText: ({ before, after, ...place }) => texts.write(place, before, after),
  } satisfies Partial<DeskHandlers>;
}

function copying({ texts }: Desk) {
  return {
    copyText: async ({ name, where, ...place }) => named(await texts.branch(place, name, where)),
    shareCopy: async (place) => named(await texts.share(place)),
    mergeCopy: ({ prefer, ...place }) => texts.merge(place, prefer),
    refreshCopy: (place) => texts.refresh(place),
    closeCopy: (place) => texts.close(place),
  } satisfies Partial<DeskHandlers>;
}

function agreeing({ texts, proposals, stewardship, spaces, now }: Desk) {
  const inSpace = async (
    spaceId: string,
    act: (held: HeldSpace) => Promise<Result<unknown>>,
  ): Promise<Result<null>> => {
    const held = spaces.find(spaceId);
    if (!held.ok) return held;
    const done = await act(held.value);
    return done.ok ? ok(null) : done;
  };
  return {
    proposeText: ({ spaceId, artifact, branch }) =>
      inSpace(spaceId, async (held) => {
        if (branch !== null) return proposals.ask(held, artifact, branch);
        const name = `As of ${new Date(now()).toISOString().slice(0, 10)}`;
        const copy = await texts.branch({ spaceId, artifact }, name, 'shared');
        return copy.ok ? proposals.ask(held, artifact, copy.value) : copy;
      }),
    approveText: ({ spaceId, artifact, branch }) =>
      inSpace(spaceId, (held) => proposals.approve(held, artifact, branch)),
    setApprovals: ({ spaceId, approvals }) =>
      inSpace(spaceId, (held) => stewardship.setPolicy(held, { promotion: approvals })),
  } satisfies Partial<DeskHandlers>;
}

function named(made: Result<string>): Result<{ readonly branch: string }> {
  return made.ok ? ok({ branch: made.value }) : made;
}
