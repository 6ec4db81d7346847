// A whole world for one journey: the scripted start's relay and browsers, each person under puppeteer. Every world
// is fresh and ends with `stop()` or `await using`; nothing of it is left then.
import type { GrantDraftInput } from '../../lib/wire/authority.ts';
import { startScripted, type ScriptedStart } from './scripted-start.ts';
import { meet, type StagedPerson } from './staged-person.ts';

export interface StageOptions {
  /** How many, 2 when left out: Ada, Bob, Chi, … */
  readonly people?: number;
  /** What any agent that pairs may do; without it an agent waits for the person's yes. */
  readonly grant?: Partial<GrantDraftInput>;
}

export interface StagedWorld extends AsyncDisposable {
  /** `ws://127.0.0.1:PORT` */
  readonly relay: string;
  readonly people: readonly StagedPerson[];
  /** Throws when nobody has that name. */
  person(name: string): StagedPerson;
  /** Ends everything, and throws when the run did not end as it should. Idempotent. */
  stop(): Promise<void>;
}

/** Needs the extension and the program as built now; the scripted start builds what is not up to date. */
export async function stageWorld(options: StageOptions = {}): Promise<StagedWorld> {
  const start = startScripted(argumentsFor(options));
  try {
    return await openWorld(start);
  } catch (error) {
    await start.stop();
    throw error;
  }
}

function argumentsFor({ people = 2, grant }: StageOptions): string[] {
  const flags = ['--headless', '--json', '--people', String(people)];
  return grant ? [...flags, '--grant', JSON.stringify(grant)] : flags;
}

async function openWorld(start: ScriptedStart): Promise<StagedWorld> {
  const line = await start.ready;
  const people = await Promise.all(line.people.map(meet));
  let stopping: Promise<void> | null = null;
  const stop = () => (stopping ??= endWorld(start, people));
  return {
    relay: line.relay,
    people,
    person(name) {
      const found = people.find((person) => person.name === name);
      if (!found) throw new Error(`nobody here is called ${name}`);
      return found;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function endWorld(start: ScriptedStart, people: readonly StagedPerson[]): Promise<void> {
  await Promise.allSettled(people.map((person) => person.leave()));
  const code = await start.stop();
  if (code !== 0) throw new Error(`the run ended with code ${code}:\n${start.stderr()}`);
}
