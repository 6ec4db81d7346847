// A text that people of a space write together, and what its branch copies share with it.
import { splice } from '@automerge/automerge/slim';
import { z } from 'zod';
import { fail, FailureError } from '../../wire/failure.ts';
import { textOf, whole, type AutomergeMap } from './automerge-doc.ts';
import type { DocumentKind } from './document-kind.ts';
import { editsBetween, mergeTexts } from './text-merge.ts';

export const MAX_TITLE_CHARS = 120;
/** In UTF-16 code units, as every length here. */
export const MAX_TEXT_CHARS = 200_000;

export const FORMS = ['prose', 'code'] as const;
export type Form = (typeof FORMS)[number];

export interface ArtifactDocument {
  readonly title: string | null;
  readonly form: Form;
  readonly text: string;
}

const title = z.strictObject({ title: z.string().trim().min(1).max(MAX_TITLE_CHARS) });
const form = z.strictObject({ form: z.enum(FORMS) });
const rewrite = z.strictObject({
  /** The text that the writer had before them. */
  before: z.string().max(MAX_TEXT_CHARS),
  /** What they made of it. */
  after: z.string().max(MAX_TEXT_CHARS),
  prefer: z.enum(['ours', 'theirs', 'both']).default('both'),
});

export const artifactVerbs: DocumentKind['verbs'] = {
  title: (doc, args) => {
    doc['title'] = whole(title.parse(args).title);
  },
  form: (doc, args) => {
    doc['form'] = whole(form.parse(args).form);
  },
  /** Brings a writer's changes into the text as it is now, whoever has changed it meanwhile. */
  rewrite: (doc, args) => {
    const { before, after, prefer } = rewrite.parse(args);
    const now = textIn(doc);
    const { edits } =
      now === before
        ? { edits: editsBetween(before, after) }
        : mergeTexts(before, after, now, prefer);
    const grown = edits.reduce(
      (size, edit) => size + edit.text.length - (edit.end - edit.start),
      now.length,
    );
    if (grown > MAX_TEXT_CHARS) throw tooLong();
    // From the end, so that no edit moves the place of one that is still to come.
    for (const edit of edits.toReversed())
      splice(doc, ['text'], edit.start, edit.end - edit.start, edit.text);
  },
};

export const artifact: DocumentKind = {
  begin: (doc) => {
    doc['text'] = '';
  },
  verbs: artifactVerbs,
  read: readArtifact,
};

export function readArtifact(doc: AutomergeMap): ArtifactDocument {
  return {
    title: textOf(doc['title'])?.slice(0, MAX_TITLE_CHARS) ?? null,
    form: FORMS.find((known) => known === textOf(doc['form'])) ?? 'prose',
    text: typeof doc['text'] === 'string' ? doc['text'].slice(0, MAX_TEXT_CHARS) : '',
  };
}

/** The collaborative text; anyone may have put something else in its place. */
function textIn(doc: AutomergeMap): string {
  const text = doc['text'];
  if (typeof text === 'string') return text;
  throw new FailureError(
    fail(
      'conflict',
      'Someone has put something else in the place of this text.',
      'Look at an earlier version of it; the log keeps them all.',
    ).failure,
  );
}

function tooLong(): FailureError {
  return new FailureError(
    fail('too_large', `A text may have ${MAX_TEXT_CHARS} characters.`, 'Divide it into several.')
      .failure,
  );
}
