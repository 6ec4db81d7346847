// The browser's native messaging port, as the bridge wants it.
import { browser } from 'wxt/browser';
import { NATIVE_HOST_NAME } from '../wire/bridge.ts';
import type { NativePort } from './native-port.ts';

export function connectNativeHost(): NativePort {
  const port = browser.runtime.connectNative(NATIVE_HOST_NAME);
  return {
    postMessage: (message) => port.postMessage(message),
    disconnect: () => port.disconnect(),
    onMessage: (listener) => port.onMessage.addListener((message: unknown) => listener(message)),
    onDisconnect: (listener) =>
      port.onDisconnect.addListener((gone) => listener(reasonOf(gone) ?? lastError())),
  };
}

/** Firefox says why on the port, Chromium in `lastError`. */
function reasonOf(port: object): string | null {
  const { error } = port as { error?: { message?: string } | null };
  return error?.message ?? null;
}

function lastError(): string | null {
  return browser.runtime.lastError?.message ?? null;
}
