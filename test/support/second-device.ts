// One more browser for a staged person: on a profile of its own that has no person yet, at the same relay.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'puppeteer-core';
import { unwrap } from '../../lib/wire/failure.ts';
import { startBrowser } from '../../scripts/launch/browser.ts';
import { findBrowser } from '../../scripts/launch/find-browser.ts';
import { configurePerson, copyExtension, extensionIn } from '../../scripts/launch/person.ts';
import { waitUntilReady } from '../../scripts/launch/ready.ts';
import { StagedPerson } from './staged-person.ts';

export interface SecondDevice extends AsyncDisposable {
  readonly device: StagedPerson;
}

/** `relay` as the staged world gives it. */
export async function openSecondDevice(name: string, relay: string): Promise<SecondDevice> {
  const profile = await mkdtemp(join(tmpdir(), 'commonplace-second-'));
  await copyExtension(profile);
  const mcp = await configurePerson(profile, { relay });
  const program = unwrap(findBrowser('chromium'));
  const extension = extensionIn(profile);
  const browser = await startBrowser({
    program,
    profile,
    extension,
    headless: true,
    scripted: true,
  });
  const { cdp, extensionId, devtools } = browser;
  const { signal } = new AbortController();
  unwrap(await waitUntilReady(cdp, { extensionId, needsPerson: false, signal }));
  const driven = await connect({ browserWSEndpoint: devtools ?? '', defaultViewport: null });
  const facts = { name, did: '', extensionId, devtools: devtools ?? '', profile, mcp };
  return {
    device: new StagedPerson({ ...facts, mcp: { ...mcp, args: [...mcp.args] } }, driven),
    [Symbol.asyncDispose]: async () => {
      await driven.disconnect();
      await browser.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
