// Where the builds are that browser tests load.
import { fileURLToPath } from 'node:url';

export const FIREFOX_OUTPUT = fileURLToPath(new URL('../../.output/firefox-mv3', import.meta.url));
