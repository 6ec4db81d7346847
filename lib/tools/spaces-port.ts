// What tools need of spaces. The node implements it; the gate has already said which spaces are allowed.
import type { AnnotationTarget } from '../wire/annotator.ts';
import type { ActingAgent } from '../wire/entry-body.ts';
import type { Result } from '../wire/failure.ts';

export interface SpaceSummary {
  readonly id: string;
  readonly name: string;
  readonly people: number;
  /** Over all pages of the space. */
  readonly annotations: number;
  /** The one that the person has open. */
  readonly active: boolean;
  /** Pages that carry annotations, most recently changed first; a few are enough. */
  readonly pages: readonly { readonly url: string; readonly annotations: number }[];
}

export interface AnnotateInput {
  readonly spaceId: string;
  /** As `pageAddress` spells it. */
  readonly url: string;
  readonly title: string;
  readonly target: AnnotationTarget;
  readonly note: string;
  /** The mark says: by this agent, on behalf of this node's person. */
  readonly agent: ActingAgent;
}

export interface SpacesPort {
  list(): Promise<readonly SpaceSummary[]>;
  /** Settles once it is durable. */
  annotate(input: AnnotateInput): Promise<Result<{ readonly id: string }>>;
}
