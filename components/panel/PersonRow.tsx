// One person of a space: who they are, where they were last seen and, for whoever decides about it, what they may do.
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { PersonView } from '../../lib/messaging/panel-state.ts';
import { exactTime, roleWords, whereabouts } from '../../lib/view/words.ts';
import { Confirm } from '../controls/Confirm.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { PersonMark } from '../marks/PersonMark.tsx';
import { useTask } from '../use-task.ts';

const ROLES = ['editor', 'commenter', 'reader'] as const;

export interface PersonRowProps {
  readonly spaceId: string;
  readonly person: PersonView;
  readonly mayManage: boolean;
  readonly now: number;
  readonly ask: PanelCall;
}

export function PersonRow({ spaceId, person, mayManage, now, ask }: PersonRowProps) {
  const { name, hue, me, present, lastSeenAt, role } = person;
  const seen = lastSeenAt === null ? undefined : exactTime(lastSeenAt);
  return (
    <li>
      <div class="person-row">
        <PersonMark name={name} hue={hue} away={!me && !present} />
        <div>
          <bdi>{name}</bdi>{' '}
          <span class="quiet" title={seen}>
            {whereabouts(person, now)}
            {role !== null && ` · ${roleWords(role)}`}
          </span>
        </div>
      </div>
      {mayManage && !me && role !== 'steward' && (
        <ManagePerson spaceId={spaceId} person={person} ask={ask} />
      )}
    </li>
  );
}

function ManagePerson({
  spaceId,
  person,
  ask,
}: Pick<PersonRowProps, 'spaceId' | 'person' | 'ask'>) {
  const task = useTask();
  const { did, name, role } = person;
  return (
    <div class="person-manage">
      <label>
        {name} may{' '}
        <select
          value={role ?? 'reader'}
          disabled={task.busy}
          onChange={({ currentTarget }) => {
            const chosen = ROLES.find((one) => one === currentTarget.value) ?? 'reader';
            void task.run(() => ask('setRole', { spaceId, person: did, role: chosen }));
          }}
        >
          {ROLES.map((one) => (
            <option key={one} value={one}>
              {roleWords(one)}
            </option>
          ))}
        </select>
      </label>
      <Confirm
        ask={`Remove ${name} from the space? What they wrote stays. They read nothing that comes after.`}
        doIt="Remove"
        keep="Keep"
        busy={task.busy}
        onConfirm={() => void task.run(() => ask('removePerson', { spaceId, person: did }))}
      />
      <FailureNote failure={task.failure} />
    </div>
  );
}
