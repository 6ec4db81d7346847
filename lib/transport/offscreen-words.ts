// The words between the service worker and the offscreen document. A `hello` carries a port; over that port
// go the rest, bytes as transferables. The document says hello until a worker has adopted it.
import { z } from 'zod';
import type { PeerHostOrder } from './peer-host-proxy.ts';

/** Sent to the service worker itself, which also hears other pages: so this one is parsed. */
export const fromDocument = z.object({
  to: z.literal('commonplace/offscreen-door'),
  /** `heartbeat` has no answer: receiving it keeps the worker from being stopped as idle. */
  kind: z.enum(['hello', 'heartbeat']),
  /** The lock that the document holds while it lives. */
  life: z.string().max(100),
});
export type FromDocument = z.infer<typeof fromDocument>;

export type ToDocument =
  /** The worker takes this port: close all that an earlier one had, then say `ready`. `life` as above. */
  | { readonly kind: 'adopt'; readonly life: string }
  /** The worker has no more use for the document: close all. */
  | { readonly kind: 'leave' }
  | { readonly kind: 'peer_host'; readonly order: PeerHostOrder }
  | { readonly kind: 'document_worker' };

export type OnPort =
  { readonly kind: 'ready' } | { readonly kind: 'worker_error'; readonly message: string };
