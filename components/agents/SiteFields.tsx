// Which sites: the one in the current tab, or a typed list.
import { useId } from 'preact/hooks';
import type { PermissionDraft } from '../../lib/view/permission-draft.ts';

export interface DraftFieldsProps {
  readonly draft: PermissionDraft;
  readonly onChange: (part: Partial<PermissionDraft>) => void;
}

export function SiteFields({ draft, onChange }: DraftFieldsProps) {
  const group = useId();
  return (
    <fieldset>
      <legend>Where</legend>
      {draft.thisSite !== null && (
        <label class="choice">
          <input
            type="radio"
            name={group}
            checked={draft.sites === 'this'}
            onChange={() => onChange({ sites: 'this' })}
          />
          <span>
            Only this site: <bdi class="mono">{draft.thisSite}</bdi>
          </span>
        </label>
      )}
      <label class="choice">
        <input
          type="radio"
          name={group}
          checked={draft.sites === 'listed'}
          onChange={() => onChange({ sites: 'listed' })}
        />
        <span>These sites</span>
      </label>
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
