// What a scripted start puts into the copy of the extension that it loads: `launch.json`.
// An extension from a store has no such file, so nothing outside the extension's own package can set any of this.
import { z } from 'zod';
import { grantDraft } from './authority.ts';

export const launchConfig = z.object({
  relay: z.string().max(2_000),
  name: z.string().trim().min(1).max(80).nullish(),
  grant: grantDraft.nullish(),
});

export type LaunchConfig = z.infer<typeof launchConfig>;
