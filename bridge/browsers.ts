// Where each browser looks for native hosts, per platform, for the current user.
import { homedir } from 'node:os';
import { join } from 'node:path';

export type BrowserName = 'chrome' | 'chromium' | 'edge' | 'brave' | 'firefox';
export type BrowserFamily = 'chromium' | 'firefox';

interface BrowserPlaces {
  readonly family: BrowserFamily;
  /** Below `$XDG_CONFIG_HOME`, for Firefox below the home directory. */
  readonly linux: string;
  /** Below `~/Library/Application Support`. */
  readonly mac: string;
  /** Below `HKEY_CURRENT_USER\Software`. */
  readonly registry: string;
}

export const BROWSERS: Readonly<Record<BrowserName, BrowserPlaces>> = {
  chrome: chromium('google-chrome', 'Google/Chrome', 'Google\\Chrome'),
  chromium: chromium('chromium', 'Chromium', 'Chromium'),
  edge: chromium('microsoft-edge', 'Microsoft Edge', 'Microsoft\\Edge'),
  brave: chromium(
    'BraveSoftware/Brave-Browser',
    'BraveSoftware/Brave-Browser',
    'BraveSoftware\\Brave-Browser',
  ),
  firefox: {
    family: 'firefox',
    linux: '.mozilla/native-messaging-hosts',
    mac: 'Mozilla/NativeMessagingHosts',
    registry: 'Mozilla\\NativeMessagingHosts',
  },
};

function chromium(linux: string, mac: string, registry: string): BrowserPlaces {
  return {
    family: 'chromium',
    linux: `${linux}/NativeMessagingHosts`,
    mac: `${mac}/NativeMessagingHosts`,
    registry: `${registry}\\NativeMessagingHosts`,
  };
}

export const BROWSER_NAMES: readonly BrowserName[] = [
  'chrome',
  'chromium',
  'edge',
  'brave',
  'firefox',
];

/** The directory of host manifests; null on Windows, where the registry says where a manifest is. */
export function manifestDirectory(name: BrowserName): string | null {
  const { family, linux, mac } = BROWSERS[name];
  if (process.platform === 'win32') return null;
  if (process.platform === 'darwin') return join(homedir(), 'Library/Application Support', mac);
  const config = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
  return family === 'firefox' ? join(homedir(), linux) : join(config, linux);
}
