// What a start from a checkout puts into the copy of the extension that it loads: `launch.json`.
// An extension from a store has no such file, so nothing outside the extension's own package can set any of this.
import { z } from 'zod';
import { grantDraft } from './authority.ts';

const word = z.string().max(4_096);

export const launchConfig = z.object({
  relay: z.string().max(2_000),
  name: z.string().trim().min(1).max(80).nullish(),
  grant: grantDraft.nullish(),
  /** What an MCP client spawns to reach this profile. */
  mcp: z.object({ command: word, args: z.array(word).max(16) }).nullish(),
});

export type LaunchConfig = z.infer<typeof launchConfig>;
