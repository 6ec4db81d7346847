// The past of a space as the look-back page shows it: rows of its history, and the space as of one of them.
import { roleOf } from '../../group/control-state.ts';
import { MAX_HISTORY_ROWS } from '../../messaging/past.ts';
import type { HistoryRow, HistoryView, MomentView, PastPage } from '../../messaging/past.ts';
import type { Board } from '../../space/documents/board.ts';
import type { PageDocument, StoredAnnotation } from '../../space/documents/page.ts';
import { BOARD_ID } from '../../space/document-ids.ts';
import { membersAt, cutAfter, type History } from '../../space/history.ts';
import type { LookBack, Moment } from '../../space/look-back.ts';
import { fromHex } from '../../wire/bytes.ts';
import { ok, type Result } from '../../wire/failure.ts';
import type { Desk } from '../desk.ts';
import type { HeldSpace } from '../held-space.ts';
import { recordedIn } from '../home-ledger.ts';
import { hueOf } from '../hue.ts';
import { castOf, deedWords, handOfStep, permissionWords, type Cast } from './step-words.ts';

/** Notes of one moment, over all pages. */
const MAX_NOTES = 400;
const MAX_PAGES = 100;

type ViewParts = Pick<Desk, 'spaces' | 'profile'>;

/** Rows `from` on, oldest first. Failures as of reading documents. */
export async function historyView(
  desk: ViewParts,
  held: HeldSpace,
  past: LookBack,
  { from, count }: { readonly from: number; readonly count: number },
): Promise<Result<HistoryView>> {
  const { steps } = past.history;
  const cast = await castIn(desk, past.history);
  const titles = new Map<string, string>();
  const rows: HistoryRow[] = [];
  for (
    let index = from;
    index < Math.min(steps.length, from + Math.min(count, MAX_HISTORY_ROWS));
    index += 1
  ) {
    const step = steps[index];
    if (step === undefined) break;
    const changes = await past.changesOf(index);
    if (!changes.ok) return changes;
    const { at, deed } = step;
    const document = deed.kind === 'change' ? deed.document : null;
    rows.push({
      index,
      at,
      hand: handOfStep(cast, step),
      ...deedWords(cast, step, changes.value),
      where: document === null ? '' : await titleOf(past, document, titles),
      permission: permissionWords(cast, step),
    });
  }
  return ok({ spaceName: held.record.name, total: steps.length, rows });
}

/** Failures as of reading documents. */
export async function momentView(
  desk: ViewParts,
  past: LookBack,
  after: number,
): Promise<Result<MomentView>> {
  const moment = past.after(after);
  const cast = await castIn(desk, past.history);
  const board = await moment.read(BOARD_ID);
  if (!board.ok) return board;
  const pages: PastPage[] = [];
  let [shown, total] = [0, 0];
  const documents = newestFirst(moment);
  for (const document of documents.slice(0, MAX_PAGES)) {
    const read = await moment.read(document);
    if (!read.ok) return read;
    // The projection of a document of this kind.
    const page = read.value as PageDocument;
    const notes = page.annotations.slice(0, Math.max(0, MAX_NOTES - shown));
    shown += notes.length;
    total += page.annotations.length;
    if (page.url !== null && notes.length > 0)
      pages.push(pageView(cast, past.history, page, notes));
  }
  const name = (board.value as Board).name ?? '';
  return ok({ name, people: peopleOf(cast, moment), pages, left: total - shown });
}

function newestFirst(moment: Moment): string[] {
  const documents = moment
    .steps()
    .flatMap(({ deed }) =>
      deed.kind === 'change' && deed.document.startsWith('page/') ? [deed.document] : [],
    );
  return [...new Set(documents.toReversed())];
}

function pageView(
  cast: Cast,
  history: History,
  { url, title }: PageDocument,
  notes: readonly StoredAnnotation[],
): PastPage {
  return {
    url: url ?? '',
    title: title ?? url ?? '',
    notes: notes.map(({ id, target, note, by, agent, creator, createdAt }) => {
      const member = cast.members.get(history.authors.get(creator) ?? '');
      const did = by?.did ?? member?.person ?? '';
      const name = by?.name ?? member?.name ?? 'Someone';
      const hue = cast.hues.get(did) ?? hueOf(did);
      const hand =
        agent === null
          ? ({ did, name, hue, kind: 'person', onBehalfOf: null } as const)
          : ({ ...agent, hue, kind: 'agent', onBehalfOf: name } as const);
      return { id, quote: target.quote.exact, note, by: hand, createdAt };
    }),
  };
}

function peopleOf(cast: Cast, moment: Moment): MomentView['people'] {
  const group = moment.group();
  const people = new Map<string, MomentView['people'][number]>();
  for (const [device, { person, name }] of moment.members()) {
    const key = fromHex(device);
    const role = group === null || key === null ? null : roleOf(group, key);
    if (group !== null && role === null) continue;
    people.set(person, {
      name,
      hue: cast.hues.get(person) ?? hueOf(person),
      role: role ?? 'editor',
    });
  }
  return [...people.values()];
}

async function castIn({ spaces, profile }: ViewParts, history: History): Promise<Cast> {
  const all = membersAt(history, cutAfter(history, history.steps.length));
  const grants = new Map<string, string>();
  for (const entry of await spaces.home().space.events()) {
    const recorded = recordedIn(entry)?.event;
    if (recorded?.kind !== 'grant') continue;
    const { origins } = recorded.scope;
    const where = origins.includes('*') ? 'every site' : origins.join(', ') || 'no site';
    grants.set(recorded.id, `under ${profile().name}’s permission for ${where}`);
  }
  return castOf(all, history.groups, (grant) => grants.get(grant) ?? null);
}

/** As the page was called in the end. */
async function titleOf(
  past: LookBack,
  document: string,
  known: Map<string, string>,
): Promise<string> {
  const title = known.get(document);
  if (title !== undefined) return title;
  const read = document.startsWith('page/')
    ? await past.after(past.history.steps.length).read(document)
    : null;
  const page = read?.ok === true ? (read.value as PageDocument) : null;
  const found = page?.title || page?.url || '';
  known.set(document, found);
  return found;
}
