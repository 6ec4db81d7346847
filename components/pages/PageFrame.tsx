// The frame of a page that fills a tab: the mark, a title, a lead.
import type { ComponentChildren } from 'preact';
import { BrandMark } from '../marks/BrandMark.tsx';

export interface PageFrameProps {
  readonly title: string;
  readonly lead?: string;
  readonly children: ComponentChildren;
}

export function PageFrame({ title, lead, children }: PageFrameProps) {
  return (
    <main class="page">
      <header>
        <p class="brand">
          <BrandMark /> Commonplace
        </p>
        <h1 dir="auto">{title}</h1>
        {lead !== undefined && <p class="lead">{lead}</p>}
      </header>
      {children}
    </main>
  );
}
