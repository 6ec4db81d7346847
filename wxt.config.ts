import { defineConfig } from 'wxt';
import preactPlugin from '@preact/preset-vite';

/** Public half of a throw-away signing key: it pins the Chromium extension id, which native hosts list. */
const CHROMIUM_KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAq2BStZzyUfeMP63viNeWdLDk0BeZYMoq/d47ZVVdM3NyZe9rlBwErptXkvKgXQMiaSkwHhBU7qP3jLm/xSLWa5H1zGKJkl+Bcw89SrxQRK2UJQp611Ta2hbGp4rAdp4vVBuN5G8vURUv1ovNqK0J0yRLelfnkoeH8SQWmp+30kTGLo5WZ3s+L6WzGOkJ/BrgUhvm1e3QJqbFXeLgdyxlxvc3ANvrGui1LUNrcZByL286zZ4XvTVUChY91lbQAS1iyQ400Pkv4LsNNQ95yMDOqqIQtbXg1IM8LuV+SV//2L0ggvFyKDF2Yp9I6l+SEfMHvtqeMFajZzRK1oBghhzycQIDAQAB';

const ZOD_WITHOUT_CODEGEN = '(globalThis.__zod_globalConfig ??= {}).jitless = true;';

export default defineConfig({
  manifestVersion: 3,
  imports: false,
  outDir: '.output',
  vite: () => ({
    plugins: [preactPlugin()],
    build: {
      target: 'esnext',
      assetsInlineLimit: 0,
      // An extension's policy forbids code made from strings; zod would try once, at import, and be reported.
      rolldownOptions: { output: { intro: ZOD_WITHOUT_CODEGEN } },
    },
    worker: { format: 'es' },
  }),
  manifest: ({ browser }) => ({
    name: 'Commonplace',
    description: 'Keep work, annotate pages and let agents act within bounds, shared peer to peer.',
    permissions: [
      'storage',
      'unlimitedStorage',
      'tabs',
      'scripting',
      'alarms',
      'webNavigation',
      'nativeMessaging',
      ...(browser === 'firefox' ? [] : ['sidePanel', 'offscreen']),
    ],
    host_permissions: ['<all_urls>'],
    content_security_policy: {
      extension_pages: "script-src 'self' 'wasm-unsafe-eval'; object-src 'self';",
    },
    action: { default_title: 'Open Commonplace' },
    commands: {
      annotate: {
        suggested_key: { default: 'Alt+Shift+A' },
        description: 'Annotate the selected text',
      },
    },
    ...(browser === 'firefox'
      ? {
          browser_specific_settings: {
            gecko: { id: 'commonplace@commonplace.node', strict_min_version: '140.0' },
          },
        }
      : { key: CHROMIUM_KEY, minimum_chrome_version: '137' }),
  }),
});
