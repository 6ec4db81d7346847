// What a run tells when all is ready: one line of JSON for programs, or plain words for people.
import { say } from '../say.ts';
import type { RunningPerson, World } from './world.ts';

/** The line that scripts and other harnesses read; its shape is promised in the README. */
export function readyLine({ relay, people }: World): string {
  return JSON.stringify({ ready: true, relay: relay.url, people: people.map(describe) });
}

function describe({ person, browser, profile, mcp }: RunningPerson) {
  return {
    name: person?.name,
    did: person?.did,
    extensionId: browser.extensionId,
    devtools: browser.devtools,
    profile,
    mcp,
  };
}

export function sayReady({ relay, people }: World): void {
  say(`Relay: ${relay.url}`);
  for (const { label, person, browser, mcp } of people) {
    say(
      person
        ? `${person.name} is ready (${person.did}).`
        : `The browser of ${label} is open. Its welcome page leads to a first space.`,
    );
    if (browser.devtools) say(`  DevTools: ${browser.devtools}`);
    say('  To connect an agent, give its MCP client this server:');
    say(`  ${JSON.stringify({ mcpServers: { commonplace: mcp } })}`);
  }
  say('Press Ctrl-C to end it all.');
}
