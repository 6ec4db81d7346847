// Two people decide together: one proposes while the other's browser is closed, work goes on, and it takes effect at
// everyone's when the other is back and confirms.
import { expect, test } from 'vitest';
import { unwrap } from '../../lib/wire/failure.ts';
import { pressButton } from '../support/annotator-acts.ts';
import {
  annotate,
  ask,
  inviteFrom,
  joinByLink,
  shareSpace,
  SOON,
  stateOf,
  textOf,
} from '../support/journey-steps.ts';
import { servePages } from '../support/pages.ts';
import { stageWorld } from '../support/stage.ts';

test('what needs two stewards waits for the one who is away, and nothing else does', async () => {
  await using world = await stageWorld({ people: 3 });
  await using pages = await servePages();
  const [ada, bob, chi] = [world.person('Ada'), world.person('Bob'), world.person('Chi')];
  const url = pages.serve('/tides', ARTICLE);
  const { adas, bobs } = await shareSpace(ada, bob, 'Tidal research');
  await joinByLink(chi, await inviteFrom(adas));
  const chis = await chi.panel();
  await expect.poll(() => rolesIn(adas), SOON).toEqual(['Ada steward', 'Bob editor', 'Chi editor']);
  const { spaces, activeSpaceId } = await stateOf(adas);
  const spaceId = activeSpaceId ?? '';
  const didOf = (name: string) =>
    spaces[0]?.people.find((person) => person.name === name)?.did ?? '';
  unwrap(await ask(adas, 'setRole', { spaceId, person: didOf('Bob'), role: 'steward' }));
  await expect
    .poll(() => rolesIn(bobs), SOON)
    .toEqual(['Ada steward', 'Bob steward', 'Chi editor']);
  await bob.close();

  unwrap(await ask(adas, 'setRole', { spaceId, person: didOf('Chi'), role: 'reader' }));
  await expect.poll(() => textOf(adas), SOON).toContain('Waiting for Bob’s device to confirm.');
  expect(await textOf(adas)).toContain('You propose to let Chi only read');
  await expect.poll(() => textOf(chis), SOON).toContain('Ada proposes to let Chi only read');
  await annotate(await chi.visit(url), 'twice a day', 'Still an editor.');
  await expect.poll(() => quotesOn(adas, url), SOON).toEqual(['twice a day']);

  await bob.reopen();
  const again = await bob.panel();
  await expect.poll(() => textOf(again), SOON).toContain('Ada proposes to let Chi only read');
  await again.bringToFront();
  await pressButton(again, 'Confirm');
  for (const panel of [again, adas, chis]) {
    await expect
      .poll(() => rolesIn(panel), SOON)
      .toEqual(['Ada steward', 'Bob steward', 'Chi reader']);
    await expect.poll(() => textOf(panel), SOON).not.toContain('proposes to let Chi');
  }
  expect(await ask(chis, 'renameSpace', { spaceId, name: 'Mine' })).toMatchObject({ ok: false });
  await expect.poll(() => quotesOn(again, url), SOON).toEqual(['twice a day']);
});

type Panel = Parameters<typeof stateOf>[0];

async function rolesIn(panel: Panel): Promise<string[]> {
  const { spaces } = await stateOf(panel);
  return spaces[0]?.people.map(({ name, role }) => `${name} ${role}`).toSorted() ?? [];
}

async function quotesOn(panel: Panel, url: string): Promise<string[]> {
  const { page } = await stateOf(panel, url);
  return page?.annotations.map(({ quote }) => quote).toSorted() ?? [];
}

const ARTICLE = `<!doctype html><meta charset=utf-8><title>Tides</title>
<h1>Tides</h1><p>The sea rises and falls twice a day on most coasts, drawn by the moon.</p>`;
