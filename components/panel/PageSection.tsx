// "This page": what the people and agents of the space have marked on the page in the current tab.
import { useState } from 'preact/hooks';
import type { PanelState, PageView } from '../../lib/messaging/panel-state.ts';
import type { PanelView } from '../../lib/view/panel-view.ts';
import { sortByPlace } from '../../lib/view/readings.ts';
import { ShowMore } from '../controls/ShowMore.tsx';
import { AnnotationItem } from './AnnotationItem.tsx';

/** Drawn at first and with each press; the node is asked for more only when what it gave runs out. */
const STEP = 20;

export interface PageSectionProps {
  readonly view: PanelView;
  readonly state: PanelState;
}

export function PageSection({ view, state }: PageSectionProps) {
  const { page } = state;
  return (
    <section class="section" aria-labelledby="this-page">
      <div class="section-head">
        <h2 id="this-page">This page</h2>
        {page && (
          <span class="quiet one-line" title={`${page.title}\n${page.url}`}>
            <bdi>{page.title || page.url}</bdi>
          </span>
        )}
      </div>
      {page === null ? (
        <p class="quiet">Open a web page to see and add annotations.</p>
      ) : (
        <Annotations key={page.url} view={view} page={page} />
      )}
    </section>
  );
}

function Annotations({ view, page }: { readonly view: PanelView; readonly page: PageView }) {
  const [shown, setShown] = useState(STEP);
  if (page.annotationTotal === 0) return <NoAnnotations />;
  const { placed, orphans } = sortByPlace(page.annotations.slice(0, shown));
  const more = () => {
    setShown(shown + STEP);
    if (shown + STEP > view.lookingAt.value.annotationLimit) view.lookFurther();
  };
  const list = (annotations: typeof placed) =>
    annotations.map((annotation) => (
      <li key={annotation.id}>
        <AnnotationItem annotation={annotation} page={page} ask={view.ask} now={view.now.value} />
      </li>
    ));
  return (
    <>
      <ul aria-label="Annotations on this page">{list(placed)}</ul>
      {orphans.length > 0 && (
        <>
          <h3 class="orphans">No longer on the page</h3>
          <p class="quiet">The page has changed and these words are gone from it.</p>
          <ul aria-label="Annotations whose words are gone">{list(orphans)}</ul>
        </>
      )}
      <ShowMore left={page.annotationTotal - shown} step={STEP} onMore={more} />
    </>
  );
}

function NoAnnotations() {
  return (
    <div class="empty">
      <p>Nothing is marked here yet.</p>
      <p>
        Select text on the page and press <kbd>Alt+Shift+A</kbd>.
      </p>
    </div>
  );
}
