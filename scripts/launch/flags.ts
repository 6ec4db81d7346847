// What a browser is started with. A kept profile is a person's own: it gets as little as possible, and no
// debugging port, which any program on the machine could connect to.
export interface FlagOptions {
  readonly profile: string;
  readonly headless: boolean;
  /** A profile of a scripted run: quiet, reachable over a DevTools port, WebRTC without mDNS names. */
  readonly scripted: boolean;
}

const ALWAYS = [
  '--no-first-run',
  '--no-default-browser-check',
  // The extension is loaded by `Extensions.loadUnpacked`: branded Chrome ignores --load-extension.
  '--remote-debugging-pipe',
  '--enable-unsafe-extension-debugging',
];

const SCRIPTED = [
  '--remote-debugging-port=0',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-quic',
  '--disable-breakpad',
  '--metrics-recording-only',
  '--mute-audio',
  '--no-service-autorun',
  '--password-store=basic',
  '--use-mock-keychain',
];

/** One flag carries all of them: a second --disable-features would replace the first. */
const SCRIPTED_DISABLED_FEATURES = [
  // On one machine the peers cannot resolve each other's mDNS names.
  'WebRtcHideLocalIpsWithMdns',
  'MediaRouter',
  'OptimizationHints',
  'Translate',
];

export function flagsFor({ profile, headless, scripted }: FlagOptions): string[] {
  return [
    `--user-data-dir=${profile}`,
    ...ALWAYS,
    ...(scripted ? [...SCRIPTED, `--disable-features=${SCRIPTED_DISABLED_FEATURES.join()}`] : []),
    ...(headless ? ['--headless=new', '--disable-gpu'] : []),
    // Chromium refuses to start as root with its sandbox.
    ...(process.getuid?.() === 0 ? ['--no-sandbox', '--disable-dev-shm-usage'] : []),
    ...(scripted ? ['about:blank'] : []),
  ];
}
