// One person of a space: who they are, where they were last seen and, for whoever decides about it, what they may do.
import { useState } from 'preact/hooks';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { PersonView } from '../../lib/messaging/panel-state.ts';
import { exactTime, roleWords, whereabouts } from '../../lib/view/words.ts';
import { Button } from '../controls/Button.tsx';
import { Confirm } from '../controls/Confirm.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { PersonMark } from '../marks/PersonMark.tsx';
import { useTask } from '../use-task.ts';

const ROLES = ['steward', 'editor', 'commenter', 'reader'] as const;

export interface PersonRowProps {
  readonly spaceId: string;
  readonly person: PersonView;
  readonly mayManage: boolean;
  /** How many decide here. */
  readonly stewards: number;
  readonly now: number;
  readonly ask: PanelCall;
}

export function PersonRow({ spaceId, person, mayManage, stewards, now, ask }: PersonRowProps) {
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
            {role !== null && ` · ${role === 'steward' ? 'steward' : roleWords(role)}`}
          </span>
        </div>
      </div>
      {mayManage && !me && (
        <ManagePerson spaceId={spaceId} person={person} stewards={stewards} ask={ask} />
      )}
    </li>
  );
}

type Role = (typeof ROLES)[number];

function ManagePerson({
  spaceId,
  person,
  stewards,
  ask,
}: Pick<PersonRowProps, 'spaceId' | 'person' | 'stewards' | 'ask'>) {
  const task = useTask();
  const [wanted, setWanted] = useState<Role | null>(null);
  const { did, name, role } = person;
  const setRole = (chosen: Role) => {
    setWanted(null);
    void task.run(() => ask('setRole', { spaceId, person: did, role: chosen }));
  };
  return (
    <div class="person-manage">
      <RoleField
        name={name}
        role={role}
        busy={task.busy}
        onChoose={(chosen) => (chosen === 'steward' ? setWanted(chosen) : setRole(chosen))}
      />
      {wanted !== null && (
        <MakeSteward
          name={name}
          stewards={stewards}
          onConfirm={() => setRole(wanted)}
          onKeep={() => setWanted(null)}
        />
      )}
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

interface RoleFieldProps extends Pick<PersonView, 'name' | 'role'> {
  readonly busy: boolean;
  readonly onChoose: (role: Role) => void;
}

function RoleField({ name, role, busy, onChoose }: RoleFieldProps) {
  return (
    <label>
      {name} may{' '}
      <select
        value={role ?? 'reader'}
        disabled={busy}
        onChange={({ currentTarget }) => {
          const chosen = ROLES.find((one) => one === currentTarget.value) ?? 'reader';
          // It shows what is so, which others may still have to agree to.
          currentTarget.value = role ?? 'reader';
          onChoose(chosen);
        }}
      >
        {ROLES.map((one) => (
          <option key={one} value={one}>
            {roleWords(one)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface MakeStewardProps {
  readonly name: string;
  readonly stewards: number;
  readonly onConfirm: () => void;
  readonly onKeep: () => void;
}

/** Cannot be undone alone, so it is said first what it means. */
function MakeSteward({ name, stewards, onConfirm, onKeep }: MakeStewardProps) {
  const meaning =
    stewards === 1
      ? 'From then on both of you have to agree to every change of who is in and what they may do.'
      : 'From then on more than half of all stewards have to agree to each change.';
  return (
    <div class="stack" role="group" aria-label={`Make ${name} a steward`}>
      <p>
        Make {name} a steward? {meaning}
      </p>
      <div class="buttons">
        <Button onPress={onKeep}>Keep as it is</Button>
        <Button onPress={onConfirm}>Make steward</Button>
      </div>
    </div>
  );
}
