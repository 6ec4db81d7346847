// The texts of a node's spaces, put together: what they hold, what is asked of them, how pages see them.
import { PROPOSAL } from '../../wire/proposal-event.ts';
import type { OpenedEntry } from '../../space/opened-entry.ts';
import type { HeldSpace } from '../held-space.ts';
import type { Profile } from '../profile.ts';
import type { Spaces } from '../spaces.ts';
import type { Stewardship } from '../stewardship.ts';
import { Proposals } from './proposals.ts';
import { TextViews } from './text-views.ts';
import { Texts } from './texts.ts';

export interface TextDesk {
  readonly texts: Texts;
  readonly proposals: Proposals;
  readonly textViews: TextViews;
}

export interface OpenTextsOptions {
  readonly spaces: Spaces;
  readonly stewardship: Stewardship;
  readonly profile: () => Profile;
}

export function openTexts({ spaces, stewardship, profile }: OpenTextsOptions): TextDesk {
  const texts = new Texts(spaces);
  const proposals = new Proposals({ profile, stewardship });
  return { texts, proposals, textViews: new TextViews({ texts, proposals, profile }) };
}

/** What new entries mean for texts: other lists, and perhaps enough approvals. */
export function textsTookIn(
  { textViews, proposals }: TextDesk,
  held: HeldSpace,
  entries: readonly OpenedEntry[],
): void {
  textViews.changed(held, entries);
  if (entries.some(({ body }) => body.kind === 'event' && body.event === PROPOSAL)) {
    void proposals.settle(held);
  }
}
