// The parts that panel snapshots for tests are put together from.
import { NO_GROUP_VIEW } from '../../lib/messaging/group-view.ts';
import type { FileView } from '../../lib/messaging/file-view.ts';
import type {
  ActivityView,
  AgentView,
  AnnotationView,
  Hand,
  PersonView,
  SpaceView,
} from '../../lib/messaging/panel-state.ts';

export const NOW = Date.now();
export const MINUTE_MS = 60_000;
export const DID = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK';

export const ADA: Hand = { did: `${DID}A`, name: 'Ada', hue: 0, kind: 'person', onBehalfOf: null };
export const BOB: Hand = {
  did: `${DID}B`,
  name: 'Bob Lindqvist',
  hue: 2,
  kind: 'person',
  onBehalfOf: null,
};
export const AGENT: Hand = {
  did: `${DID}C`,
  name: 'Claude Code',
  hue: 0,
  kind: 'agent',
  onBehalfOf: 'Ada',
};
export const LONG_NAME =
  'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh the Younger of Upper Ingle';
export const ARABIC: Hand = {
  did: `${DID}D`,
  name: 'ليلى بنت عبد الرحمن',
  hue: 3,
  kind: 'person',
  onBehalfOf: null,
};

export function person(hand: Hand, rest: Partial<PersonView> = {}): PersonView {
  const { did, name, hue } = hand;
  const here = { me: false, present: true, lastSeenAt: NOW, via: 'direct' } as const;
  return { did, name, hue, ...here, role: 'editor', ...rest };
}

export function space(rest: Partial<SpaceView> = {}): SpaceView {
  return {
    id: 'space-1',
    name: 'Reading group',
    people: [person(ADA, { me: true }), person(BOB)],
    unsent: 0,
    waitingFor: null,
    annotationCount: 4,
    updatedAt: NOW,
    problem: null,
    mayManage: false,
    admit: 'by_invite',
    requests: [],
    archive: null,
    origin: null,
    group: NO_GROUP_VIEW,
    ...rest,
  };
}

export function file(rest: Partial<FileView> = {}): FileView {
  return {
    id: 'f1',
    spaceId: 'space-1',
    name: 'A new method of a common-place-book.pdf',
    mediaType: 'application/pdf',
    size: 3_400_000,
    by: ADA,
    addedAt: NOW - 5 * MINUTE_MS,
    state: 'here',
    percent: 0,
    sent: false,
    problem: null,
    mine: true,
    ...rest,
  };
}

export function annotation(rest: Partial<AnnotationView> = {}): AnnotationView {
  return {
    id: 'a1',
    spaceId: 'space-1',
    quote: 'It must never shout over the page that someone is reading.',
    foundText: null,
    note: 'This is the test for every screen we draw.',
    by: ADA,
    carriedBy: null,
    createdAt: NOW - 4 * MINUTE_MS,
    editedAt: null,
    state: 'anchored',
    mine: true,
    tentative: false,
    ...rest,
  };
}

export function agent(rest: Partial<AgentView> = {}): AgentView {
  return {
    did: AGENT.did,
    name: 'Claude Code',
    client: 'claude-code 2.1.0',
    hue: 0,
    onBehalfOf: 'Ada',
    status: 'active',
    connected: true,
    grant: {
      origins: ['https://example.org', 'http://127.0.0.1:*'],
      tools: 'all',
      spaces: ['space-1'],
      reads: { limit: 200, used: 63, reserved: 8 },
      writes: { limit: 20, used: 2, reserved: 0 },
      expiresAt: NOW + 42 * MINUTE_MS,
    },
    running: [],
    ...rest,
  };
}

export function activity(id: number, rest: Partial<ActivityView> = {}): ActivityView {
  return {
    id: `x${id}`,
    at: NOW - id * 3 * MINUTE_MS,
    hand: AGENT,
    verb: 'read',
    object: 'On margins',
    where: 'example.org',
    permission: '63 of 200 reads',
    outcome: 'done',
    detail: null,
    tentative: false,
    ...rest,
  };
}

export function crowd(): PersonView[] {
  return [
    person({ ...ADA, name: LONG_NAME }, { me: true }),
    person(ARABIC),
    ...Array.from({ length: 120 }, (_, i) =>
      person(
        { ...BOB, did: `${DID}p${i}`, name: `Person ${i}`, hue: i % 8 },
        { present: i % 3 === 0 },
      ),
    ),
  ];
}

export function manyAnnotations(): AnnotationView[] {
  return Array.from({ length: 200 }, (_, i) =>
    annotation({
      id: `m${i}`,
      by: i % 3 === 0 ? ARABIC : { ...BOB, name: LONG_NAME, hue: i % 8 },
      quote:
        i % 3 === 0 ? 'الهامش هو المكان الذي يجيب فيه القارئ الكاتب. '.repeat(8) : 'x'.repeat(900),
      note: i % 3 === 0 ? 'هذا هو الاختبار لكل شاشة.' : 'Antidisestablishmentarianism'.repeat(8),
      state: i % 7 === 0 ? 'uncertain' : 'anchored',
    }),
  );
}
