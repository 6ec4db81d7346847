// Starts Automerge's wasm in Node, as the document worker does in a browser.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initializeWasm, isWasmInitialized } from '@automerge/automerge/slim';

export async function startAutomerge(): Promise<void> {
  if (isWasmInitialized()) return;
  const path = createRequire(import.meta.url).resolve('@automerge/automerge/automerge.wasm');
  await initializeWasm(new Uint8Array(await readFile(path)));
}
