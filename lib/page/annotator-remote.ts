// The annotator's host across the extension's messages: every call is one message with one parsed answer within a
// deadline. A browser may stop the node at any moment and start it anew at the next message.
import { z } from 'zod';
import type { AnnotatorRequest } from '../wire/annotator.ts';
import { annotationCreated, pageAnnotations, parseReply } from '../wire/annotator.ts';
import type { Result } from '../wire/failure.ts';
import { fail } from '../wire/failure.ts';
import type { AnnotatorHost } from './annotator-host.ts';

export interface Post {
  /** One message to the node and its raw answer; `undefined` if nobody answered. */
  send(message: AnnotatorRequest): Promise<unknown>;
  /** False once the extension was updated or removed: this script can never reach it again. */
  isAlive(): boolean;
}

const DEADLINE_MS = 15_000;
const RESTART_PAUSE_MS = 150;

/** `orphaned` is called once the extension is out of reach for good. */
export function createRemoteHost(post: Post, orphaned: () => void): AnnotatorHost {
  const ask = async <T>(message: AnnotatorRequest, value: z.ZodType<T>): Promise<Result<T>> => {
    for (let attempt = 1; ; attempt++) {
      if (!post.isAlive()) {
        orphaned();
        return gone();
      }
      const reply = await sendWithin(post, message);
      if (reply === 'late') return late();
      // Nobody heard it, so nothing was done, and it may be sent again.
      if (reply.heard || attempt === 3) return parseReply(value, reply.answer);
      await delay(RESTART_PAUSE_MS * attempt);
    }
  };
  const to = 'node' as const;
  const tell = (message: AnnotatorRequest): void => void ask(message, z.null());
  return {
    open: (url) => ask({ to, type: 'annotations.open', url }, pageAnnotations),
    create: (draft) => ask({ to, type: 'annotations.create', ...draft }, annotationCreated),
    edit: (ref, note) => ask({ to, type: 'annotations.edit', ...ref, note }, z.null()),
    remove: (ref) => ask({ to, type: 'annotations.remove', ...ref }, z.null()),
    report: (url, states) => tell({ to, type: 'annotations.anchored', url, states }),
    openPanel: () => tell({ to, type: 'panel.open' }),
  };
}

type Sent = { readonly heard: boolean; readonly answer: unknown } | 'late';

async function sendWithin(post: Post, message: AnnotatorRequest): Promise<Sent> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<Sent>((resolve) => {
    timer = setTimeout(() => resolve('late'), DEADLINE_MS);
  });
  const sent = post.send(message).then(
    (answer): Sent => ({ heard: answer !== undefined, answer }),
    (error: unknown): Sent => ({ heard: !isUnheard(error), answer: undefined }),
  );
  try {
    return await Promise.race([sent, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** Both browsers word "nobody listens" this way. */
function isUnheard(error: unknown): boolean {
  return /Receiving end does not exist/i.test(String(error));
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

function late(): Result<never> {
  return fail(
    'timeout',
    'Commonplace has not answered yet. It may still finish what you asked.',
    'Look whether it has happened, then try again.',
  );
}

function gone(): Result<never> {
  return fail(
    'closed',
    'Commonplace was updated or removed, and this page is no longer connected to it.',
    'Copy what you wrote and reload the page.',
  );
}
