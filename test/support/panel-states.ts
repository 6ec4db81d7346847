// Snapshots for looking at and testing the extension's pages: from nothing at all to far too much.
import type { FileView } from '../../lib/messaging/file-view.ts';
import type { AnnotationView, PanelState } from '../../lib/messaging/panel-state.ts';
import {
  ADA,
  AGENT,
  ARABIC,
  BOB,
  DID,
  LONG_NAME,
  MINUTE_MS,
  NOW,
  activity,
  agent,
  annotation,
  crowd,
  file,
  manyAnnotations,
  person,
  space,
} from './panel-parts.ts';

export const unbegun: PanelState = {
  me: null,
  devices: null,
  joining: null,
  copy: null,
  relay: {
    url: 'ws://127.0.0.1:8787',
    state: 'connected',
    since: NOW - MINUTE_MS,
    lastError: null,
  },
  spaces: [],
  activeSpaceId: null,
  texts: [],
  page: null,
  agents: [],
  pairing: [],
  bridge: { state: 'not_installed', detail: '', agentCommand: ['commonplace', 'mcp'] },
  activity: [],
  files: [],
  storage: null,
  storageProblem: null,
};

export const named: PanelState = { ...unbegun, me: { did: ADA.did, name: 'Ada', hue: 0 } };

export const empty: PanelState = {
  ...named,
  spaces: [space({ people: [person(ADA, { me: true })], annotationCount: 0 })],
  activeSpaceId: 'space-1',
  page: {
    url: 'https://example.org/',
    title: 'On margins',
    tabId: 1,
    annotations: [],
    annotationTotal: 0,
  },
};

const typicalAnnotations: readonly AnnotationView[] = [
  annotation(),
  annotation({
    id: 'a2',
    by: BOB,
    mine: false,
    createdAt: NOW - 90 * MINUTE_MS,
    quote: 'quiet paper, clear ink, marks that show whose hand made them',
    note: 'Compare with Locke’s method of 1706: he indexes by the first vowel.',
    editedAt: NOW,
  }),
  annotation({
    id: 'a3',
    by: AGENT,
    quote: 'A commonplace book is a reader’s own notebook of passages worth keeping.',
    note: 'Defines the term. The history section gives 1578 as the first use.',
    tentative: true,
  }),
  annotation({
    id: 'a4',
    by: BOB,
    mine: false,
    state: 'uncertain',
    quote: 'people worked in it for hours',
    foundText: 'a person works in it for hours',
    note: 'Who says so?',
  }),
  annotation({
    id: 'a5',
    state: 'orphan',
    quote: 'This sentence was taken out in the second edition.',
    note: '',
  }),
];

const typicalFiles: readonly FileView[] = [
  file(),
  file({ id: 'f2', name: 'Notes on Locke.txt', by: BOB, mine: false, state: 'elsewhere' }),
  file({ id: 'f3', name: 'Scan.tiff', by: BOB, mine: false, state: 'coming', percent: 40 }),
];

export const typical: PanelState = {
  ...empty,
  files: typicalFiles,
  spaces: [space(), space({ id: 'space-2', name: 'Thesis', unsent: 2 })],
  page: {
    url: 'https://example.org/',
    title: 'On margins, and what readers put in them',
    tabId: 1,
    annotations: typicalAnnotations,
    annotationTotal: 5,
  },
  agents: [
    agent({ running: [{ id: 'r1', tool: 'page_read', where: 'example.org', startedAt: NOW }] }),
  ],
  bridge: { ...unbegun.bridge, state: 'connected' },
  activity: [
    activity(0, { outcome: 'waiting' }),
    activity(1, {
      hand: BOB,
      verb: 'annotated',
      object: '“quiet paper, clear ink”',
      permission: null,
    }),
    activity(2, {
      verb: 'clicked',
      object: '“Sign in”',
      where: 'bank.example',
      outcome: 'refused',
      detail: 'bank.example is not among the sites that Ada allowed.',
    }),
    activity(3, {
      hand: BOB,
      verb: 'joined',
      object: 'Reading group',
      where: '',
      permission: null,
    }),
  ],
  storage: {
    usedBytes: 3_400_000,
    fileBytes: 1_200_000,
    quotaBytes: 12_000_000_000,
    persisted: true,
  },
};

export const pairing: PanelState = {
  ...typical,
  agents: [],
  pairing: [
    {
      id: 'p1',
      agentName: 'Claude Code',
      clientName: 'claude-code 2.1.0',
      askedAt: NOW,
      expiresAt: NOW + 4 * MINUTE_MS,
    },
  ],
};

export const offline: PanelState = {
  ...typical,
  relay: {
    url: 'ws://127.0.0.1:8787',
    state: 'offline',
    since: NOW - 9 * MINUTE_MS,
    lastError: 'Connection refused',
  },
  spaces: [
    space({
      unsent: 3,
      people: [
        person(ADA, { me: true }),
        person(BOB, { present: false, lastSeenAt: NOW - 70 * MINUTE_MS }),
      ],
      waitingFor: 'Waiting for Bob’s browser to send the rest of this space.',
    }),
  ],
};

export const refused: PanelState = {
  ...typical,
  spaces: [
    space({
      problem: {
        code: 'bad_signature',
        message: 'A change from Bob was not signed by him. It was not applied.',
        remedy: 'Ask Bob to update Commonplace; the rest of the space is as it was.',
      },
    }),
  ],
  agents: [
    agent({ status: 'stopped', grant: null }),
    agent({
      did: `${DID}E`,
      name: 'Codex',
      client: 'codex-cli 0.9',
      status: 'expired',
      connected: false,
    }),
  ],
};

export const overfull: PanelState = {
  ...typical,
  me: { did: ADA.did, name: LONG_NAME, hue: 0 },
  spaces: [
    space({ name: LONG_NAME, people: crowd() }),
    ...Array.from({ length: 400 }, (_, i) => space({ id: `s${i}`, name: `${LONG_NAME} ${i}` })),
  ],
  page: {
    url: 'https://example.org/',
    title: 'A'.repeat(300),
    tabId: 1,
    annotations: manyAnnotations(),
    annotationTotal: 10_000,
  },
  agents: Array.from({ length: 12 }, (_, i) =>
    agent({
      did: `${DID}${i}`,
      name: i % 2 ? LONG_NAME : ARABIC.name,
      onBehalfOf: LONG_NAME,
      client: 'x'.repeat(60),
      running:
        i < 5
          ? [
              {
                id: `${i}`,
                tool: 'page_snapshot',
                where: `${'sub.'.repeat(30)}example.org`,
                startedAt: NOW,
              },
            ]
          : [],
    }),
  ),
  activity: Array.from({ length: 100 }, (_, i) =>
    activity(i, {
      hand: { ...AGENT, name: LONG_NAME, onBehalfOf: ARABIC.name },
      object: 'ربما '.repeat(30),
      where: 'w'.repeat(120),
    }),
  ),
};

export const panelStates = { unbegun, named, empty, typical, pairing, offline, refused, overfull };
