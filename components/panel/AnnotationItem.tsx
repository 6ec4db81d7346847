// One annotation: the words it is about, the note, whose hand and when, and what may be done with it.
import { useState } from 'preact/hooks';
import { Pencil, Trash2 } from 'lucide-preact';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { AnnotationView, PageView } from '../../lib/messaging/panel-state.ts';
import { Button } from '../controls/Button.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { When } from '../controls/When.tsx';
import { HandMark, HandName } from '../marks/HandMark.tsx';
import { hueStyle } from '../marks/hue.ts';
import { useTask } from '../use-task.ts';
import type { Task } from '../use-task.ts';
import { AnnotationQuote } from './AnnotationQuote.tsx';
import { NoteEditor } from './NoteEditor.tsx';
import { RemoveForAll } from './RemoveForAll.tsx';

export interface AnnotationItemProps {
  readonly annotation: AnnotationView;
  readonly page: PageView;
  readonly now: number;
  readonly ask: PanelCall;
}

export function AnnotationItem({ annotation, page, now, ask }: AnnotationItemProps) {
  const [mode, setMode] = useState<'read' | 'edit' | 'remove'>('read');
  const showing = useTask();
  const read = () => setMode('read');
  const where = { spaceId: annotation.spaceId, annotationId: annotation.id, url: page.url };
  const save = (note: string) => ask('editAnnotation', { ...where, note });
  const byline = {
    annotation,
    now,
    onEdit: () => setMode('edit'),
    onRemove: () => setMode('remove'),
  };
  return (
    <article
      class={annotation.tentative ? 'annotation tentative' : 'annotation'}
      style={hueStyle(annotation.by.hue)}
    >
      <AnnotationQuote annotation={annotation} onShow={showOn(page, annotation, showing, ask)} />
      {mode === 'edit' ? (
        <NoteEditor note={annotation.note} onSave={save} onDone={read} />
      ) : (
        <Note text={annotation.note} />
      )}
      <FailureNote failure={showing.failure} />
      <Byline {...byline} />
      {mode === 'remove' && (
        <RemoveForAll
          ask="Remove this annotation?"
          onRemove={() => ask('removeAnnotation', where)}
          onKeep={read}
        />
      )}
    </article>
  );
}

/** Null where there is no place to scroll to. */
function showOn(page: PageView, annotation: AnnotationView, showing: Task, ask: PanelCall) {
  const { tabId } = page;
  if (tabId === null || annotation.state === 'orphan') return null;
  return () =>
    void showing.run(() => ask('showAnnotation', { annotationId: annotation.id, tabId }));
}

function Note({ text }: { readonly text: string }) {
  if (text === '') return null;
  return (
    <p class="note serif" dir="auto">
      {text}
    </p>
  );
}

interface BylineProps {
  readonly annotation: AnnotationView;
  readonly now: number;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

function Byline({ annotation, now, onEdit, onRemove }: BylineProps) {
  return (
    <div class="byline">
      <HandMark hand={annotation.by} />
      <span class="words">
        <HandName hand={annotation.by} />
        <When at={annotation.createdAt} now={now} />
        {annotation.editedAt !== null && <span>edited</span>}
        {annotation.carriedBy !== null && (
          <span>
            brought over by <bdi>{annotation.carriedBy}</bdi>
          </span>
        )}
        {annotation.tentative && <span>not sent yet</span>}
      </span>
      {annotation.mine && (
        <span class="tools">
          <Button look="icon" label="Edit note" onPress={onEdit}>
            <Pencil size={16} aria-hidden />
          </Button>
          <Button look="icon" label="Remove annotation" onPress={onRemove}>
            <Trash2 size={16} aria-hidden />
          </Button>
        </span>
      )}
    </div>
  );
}
