// Versions that someone asks to be agreed: who approves, what each waits for, and the button to approve.
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { ProposalView, TextArgsPlace } from '../../lib/messaging/text-calls.ts';
import { Button } from '../controls/Button.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { useTask } from '../use-task.ts';

export interface TextProposalsProps {
  readonly proposals: readonly ProposalView[];
  readonly place: TextArgsPlace;
  readonly ask: PanelCall;
  readonly onLook: (branch: string) => void;
}

export function TextProposals({ proposals, ...rest }: TextProposalsProps) {
  if (proposals.length === 0) return null;
  return (
    <section class="step" aria-labelledby="proposals">
      <h2 id="proposals">To be agreed</h2>
      <ul class="stack">
        {proposals.map((proposal) => (
          <li key={proposal.branch} class="tentative">
            <Proposal {...rest} proposal={proposal} />
          </li>
        ))}
      </ul>
    </section>
  );
}

type ProposalProps = Omit<TextProposalsProps, 'proposals'> & { readonly proposal: ProposalView };

function Proposal({ proposal, place, ask, onLook }: ProposalProps) {
  const task = useTask();
  const { branch, name, by, approvedBy, needed } = proposal;
  const approve = () => void task.run(() => ask('approveText', { ...place, branch }));
  return (
    <div class="stack">
      <p>
        <strong>
          <bdi>{name}</bdi>
        </strong>
        , proposed by <bdi>{by}</bdi>. Approved by {approvedBy.join(', ')} ({approvedBy.length} of{' '}
        {needed}).
      </p>
      <p class="quiet">{proposal.waitingFor}</p>
      <div class="buttons">
        {place.branch !== branch && <Button onPress={() => onLook(branch)}>Look at it</Button>}
        {proposal.mayApprove && (
          <Button busy={task.busy} onPress={approve}>
            Approve
          </Button>
        )}
      </div>
      <FailureNote failure={task.failure} />
    </div>
  );
}
