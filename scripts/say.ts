// What the commands tell the person at the terminal. Always standard error: a scripted start keeps standard
// output for its one line of JSON.
import type { Failure } from '../lib/wire/failure.ts';

export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function sayFailure(failure: Failure): void {
  say(`${failure.code}: ${failure.message}\n  ${failure.remedy}`);
}
