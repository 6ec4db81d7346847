// The Node program (`commonplace relay`, `commonplace mcp`, …) in files that need Node 22 and nothing else.
import { chmod } from 'node:fs/promises';
import { build } from 'vite';
import { inRoot } from '../root.ts';
import { outputOf, PROGRAM } from './targets.ts';

export async function buildProgram(): Promise<void> {
  await build({
    configFile: false,
    root: inRoot(),
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: 'bridge/main.ts',
      outDir: outputOf('bin'),
      target: 'node22',
      minify: false,
      rolldownOptions: {
        output: {
          entryFileNames: 'commonplace.mjs',
          format: 'esm',
          // Only the file that people run: `npm link` makes it a command.
          banner: ({ isEntry }) => (isEntry ? '#!/usr/bin/env node' : ''),
          // Each command loads only its own chunk: an agent waits for `commonplace mcp` to start.
          chunkFileNames: 'chunks/[name]-[hash].mjs',
        },
      },
    },
  });
  await chmod(PROGRAM, 0o755);
}
