// Which sites: the one in the current tab, or a typed list.
import { useId } from 'preact/hooks';
import type { PermissionDraft } from '../../lib/view/permission-draft.ts';
import { Choice } from '../controls/Choice.tsx';

export interface DraftFieldsProps {
  readonly draft: PermissionDraft;
  readonly onChange: (part: Partial<PermissionDraft>) => void;
}

export function SiteFields({ draft, onChange }: DraftFieldsProps) {
  const group = useId();
  const choose = (sites: PermissionDraft['sites']) => () => onChange({ sites });
  return (
    <fieldset>
      <legend>Where</legend>
      {draft.thisSite !== null && (
        <Choice group={group} checked={draft.sites === 'this'} onChoose={choose('this')}>
          Only this site: <bdi class="mono">{draft.thisSite}</bdi>
        </Choice>
      )}
      <Choice group={group} checked={draft.sites === 'listed'} onChoose={choose('listed')}>
        These sites
      </Choice>
      <textarea
        class="input mono"
        rows={2}
        dir="ltr"
        spellcheck={false}
        aria-label="Sites, one on each line"
        placeholder="example.org"
        value={draft.siteList}
        onInput={(event) => onChange({ sites: 'listed', siteList: event.currentTarget.value })}
      />
    </fieldset>
  );
}
