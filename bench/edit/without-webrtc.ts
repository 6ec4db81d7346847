// A browser that cannot connect directly, as behind a policy that forbids WebRTC: what it shares goes over the relay.
import { TargetType } from 'puppeteer-core';
import type { StagedPerson } from '../../test/support/staged-person.ts';

/** For a person who has a space, so that there is an offscreen document, and has not met anybody in it yet. */
export async function withoutWebRtc({ browser, extensionId }: StagedPerson): Promise<void> {
  // The offscreen document, which holds the connections, is a background page to the DevTools protocol.
  const target = await browser.waitForTarget(
    (one) =>
      one.type() === TargetType.BACKGROUND_PAGE &&
      one.url().startsWith(`chrome-extension://${extensionId}/`),
  );
  const page = await target.asPage();
  await page.evaluate(() => {
    Object.defineProperty(globalThis, 'RTCPeerConnection', { value: undefined });
  });
}
