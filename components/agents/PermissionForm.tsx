// Where an agent may go and how much it may do. Enter never means Allow: there is no form to submit, and the
// button takes a click or the space bar only, and not in the first moment that it is on the screen.
import { useEffect, useState } from 'preact/hooks';
import type { GrantDraft } from '../../lib/wire/authority.ts';
import type { Result } from '../../lib/wire/failure.ts';
import type { SpaceView } from '../../lib/messaging/panel-state.ts';
import { readDraft } from '../../lib/view/permission-draft.ts';
import type { PermissionDraft } from '../../lib/view/permission-draft.ts';
import { Button } from '../controls/Button.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { useTask } from '../use-task.ts';
import { LimitFields } from './LimitFields.tsx';
import { SiteFields } from './SiteFields.tsx';
import { VerbFields } from './VerbFields.tsx';

/** Long enough that a press meant for what stood here before does not land on Allow. */
const ARM_AFTER_MS = 700;

export interface PermissionFormProps {
  readonly initial: PermissionDraft;
  readonly spaces: readonly SpaceView[];
  readonly allowWords: string;
  readonly refuseWords: string;
  readonly onAllow: (grant: GrantDraft) => Promise<Result<unknown>>;
  readonly onRefuse: () => Promise<Result<unknown>> | void;
}

export function PermissionForm(props: PermissionFormProps) {
  const [draft, setDraft] = useState(props.initial);
  const task = useTask();
  const armed = useArmed();
  const change = (part: Partial<PermissionDraft>) => setDraft({ ...draft, ...part });
  const allow = async () => {
    const grant = readDraft(draft);
    if (!grant.ok) return task.fail(grant.failure);
    await task.run(() => props.onAllow(grant.value));
  };
  const refuse = () => {
    const refused = props.onRefuse();
    if (refused) void task.run(() => refused);
  };
  return (
    <div class="stack">
      <SiteFields draft={draft} onChange={change} />
      <VerbFields draft={draft} spaces={props.spaces} onChange={change} />
      <LimitFields draft={draft} onChange={change} />
      <FailureNote failure={task.failure} />
      <div class="buttons" onKeyDown={refuseEnter}>
        <Button look="primary" busy={task.busy} disabled={!armed} onPress={() => void allow()}>
          {props.allowWords}
        </Button>
        <Button busy={task.busy} onPress={refuse}>
          {props.refuseWords}
        </Button>
      </div>
    </div>
  );
}

function refuseEnter(event: KeyboardEvent): void {
  const target = event.target;
  if (event.key !== 'Enter' || !(target instanceof HTMLElement)) return;
  if (target.classList.contains('primary')) event.preventDefault();
}

function useArmed(): boolean {
  const [armed, setArmed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setArmed(true), ARM_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return armed;
}
