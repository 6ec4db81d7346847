// From an annotation made in one browser to the mark that it leaves on the same page in another: two browser processes
// and a relay on one machine, connected directly or through the relay alone.
import type { Page } from 'puppeteer-core';
import { eventually } from '../test/support/eventually.ts';
import { inviteFrom, joinByLink, makeSpace, stateOf } from '../test/support/journey-steps.ts';
import { servePages } from '../test/support/pages.ts';
import { stageWorld } from '../test/support/stage.ts';
import { annotatorIn, type Annotator } from './edit/annotator.ts';
import { markedAtMs } from './edit/marked.ts';
import { withoutWebRtc } from './edit/without-webrtc.ts';
import type { Bench, Figure } from './figure.ts';

type Route = 'direct' | 'relay';

const RUNS = 25;
const WARM_UPS = 3;

export const editBench: Bench = {
  name: 'edit',
  run: async () => [...(await editFigures('direct')), ...(await editFigures('relay'))],
};

/** Milliseconds since 1970. */
interface Edit {
  readonly askedAt: number;
  readonly savedAt: number;
  readonly seenAt: number;
}

async function editFigures(route: Route): Promise<Figure[]> {
  await using world = await stageWorld({ people: 2 });
  await using pages = await servePages();
  const [ada, bob] = [world.person('Ada'), world.person('Bob')];
  const adas = await ada.panel();
  await makeSpace(adas, 'Tidal research');
  if (route === 'relay') await withoutWebRtc(ada);
  await joinByLink(bob, await inviteFrom(adas));
  const bobs = await bob.panel();
  await eventually(async () => (await viaOf(adas, 'Bob')) === route);
  await eventually(async () => (await viaOf(bobs, 'Ada')) === route);

  const url = pages.serve('/lines', LINES);
  const annotator = await annotatorIn(await ada.visit(url), ada.extensionId);
  const bobsPage = await bob.visit(url);
  const spaceId = (await stateOf(adas)).activeSpaceId ?? '';
  const edits: Edit[] = [];
  for (let line = 1; line <= WARM_UPS + RUNS; line += 1) {
    edits.push(await oneEdit({ annotator, bobsPage, spaceId, line }));
  }
  if ((await viaOf(adas, 'Bob')) !== route) throw new Error(`no longer ${route}`);
  return figuresOf(route, edits.slice(WARM_UPS));
}

async function oneEdit(given: {
  readonly annotator: Annotator;
  readonly bobsPage: Page;
  readonly spaceId: string;
  readonly line: number;
}): Promise<Edit> {
  const { annotator, bobsPage, spaceId, line } = given;
  const seen = markedAtMs(bobsPage, quoteOf(line));
  const { askedAt, savedAt } = await annotator.annotate(spaceId, quoteOf(line), `Note ${line}`);
  return { askedAt, savedAt, seenAt: await seen };
}

function figuresOf(route: Route, edits: readonly Edit[]): Figure[] {
  const figure = (what: string, take: (edit: Edit) => number): Figure => ({
    name: `edit, ${route}: ${what}`,
    unit: 'ms',
    values: edits.map(take),
  });
  return [
    figure('asked to saved', ({ askedAt, savedAt }) => savedAt - askedAt),
    figure('saved to seen by the other', ({ savedAt, seenAt }) => seenAt - savedAt),
    figure('asked to seen by the other', ({ askedAt, seenAt }) => seenAt - askedAt),
  ];
}

async function viaOf(panel: Page, name: string) {
  const { spaces } = await stateOf(panel);
  return spaces[0]?.people.find((person) => person.name === name)?.via;
}

function quoteOf(line: number): string {
  return `line ${line} of the tide table`;
}

const LINES = `<!doctype html><meta charset=utf-8><title>Lines</title><h1>Lines</h1>
${Array.from({ length: WARM_UPS + RUNS }, (_, index) => `<p>This is ${quoteOf(index + 1)}, as printed.</p>`).join('\n')}`;
