// What the annotator in a page needs from outside it: the node, reached over whatever carries messages.
import type { AnchorState, AnnotationTarget, PageAnnotations } from '../wire/annotator.ts';
import type { Result } from '../wire/failure.ts';

export interface Draft {
  readonly url: string;
  readonly spaceId: string;
  readonly target: AnnotationTarget;
  readonly note: string;
  readonly title: string;
}

export interface AnnotationRef {
  readonly id: string;
  readonly spaceId: string;
  readonly url: string;
}

/** Every call answers within a deadline; `url` is always a `pageAddress`. */
export interface AnnotatorHost {
  open(url: string): Promise<Result<PageAnnotations>>;
  create(draft: Draft): Promise<Result<{ id: string }>>;
  edit(ref: AnnotationRef, note: string): Promise<Result<null>>;
  remove(ref: AnnotationRef): Promise<Result<null>>;
  /** How sure each annotation's place is; sent when it changes. */
  report(url: string, states: AnchorState[]): void;
  openPanel(): void;
}
