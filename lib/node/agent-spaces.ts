// The spaces as tools for agents see them.
import type { SpacesPort, SpaceSummary } from '../tools/spaces-port.ts';
import type { PageAnnotations } from './page-annotations.ts';
import type { Spaces } from './spaces.ts';
import type { HeldSpace } from './held-space.ts';

/** The tool shows those that the agent may see, and few of them. */
const MAX_PAGES = 200;

export function createSpacesPort(spaces: Spaces, annotations: PageAnnotations): SpacesPort {
  return {
    list: () =>
      Promise.all(
        spaces.list().map((held) => summarise(held, held === spaces.active(), annotations)),
      ),
    annotate: (input) => annotations.create(input),
  };
}

async function summarise(
  held: HeldSpace,
  active: boolean,
  annotations: PageAnnotations,
): Promise<SpaceSummary> {
  const [members, marks] = await Promise.all([held.space.members(), annotations.ofSpace(held)]);
  const pages = new Map<string, { annotations: number; newest: number }>();
  for (const { url, annotation } of marks) {
    const page = pages.get(url) ?? { annotations: 0, newest: 0 };
    page.annotations += 1;
    page.newest = Math.max(page.newest, annotation.createdAt);
    pages.set(url, page);
  }
  return {
    id: held.record.id,
    name: held.record.name,
    people: new Set([...members.values()].map(({ person }) => person)).size,
    annotations: marks.length,
    active,
    pages: [...pages]
      .toSorted(([, a], [, b]) => b.newest - a.newest)
      .slice(0, MAX_PAGES)
      .map(([url, page]) => ({ url, annotations: page.annotations })),
  };
}
