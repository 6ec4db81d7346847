// How a decision of several stewards is said: whom it waits for, who has confirmed, who does not want it. Pure.
import type { DecisionView, GroupView } from '../messaging/group-view.ts';

const list = new Intl.ListFormat('en', { type: 'conjunction' });
const choice = new Intl.ListFormat('en', { type: 'disjunction' });

/** "Waiting for Ada’s device to confirm." Null when it waits for nobody. */
export function waitingWords({ waitingFor, devicesMissing }: DecisionView): string | null {
  const others = waitingFor.filter((name) => name !== 'you');
  if (others.length > 0) return `Waiting for ${devices(others, choice)} to confirm.`;
  if (waitingFor.length > 0) return 'Waiting for you.';
  const missing = devicesMissing.filter((name) => name !== 'you');
  if (missing.length === 0) return null;
  return `Enough have confirmed. Waiting for ${devices(missing, choice)} to be here.`;
}

export function confirmedWords({ confirmed }: DecisionView): string | null {
  return confirmed.length === 0 ? null : `Confirmed by ${list.format(confirmed)}.`;
}

export function declinedWords({ declined }: DecisionView): string | null {
  if (declined.length === 0) return null;
  return declined[0] === 'you' && declined.length === 1
    ? 'You said not now.'
    : `${capital(list.format(declined))} said not now.`;
}

/** Who decides here, where more than one has to: "2 stewards decide here, and both have to agree." */
export function agreementWords({ stewards, needed }: GroupView): string | null {
  if (stewards < 2) return null;
  if (stewards === 2) return 'Two stewards decide here, and both have to agree.';
  return `${stewards} stewards decide here; ${needed} of them have to agree.`;
}

function devices(names: readonly string[], format: Intl.ListFormat): string {
  return format.format(names.map((name) => `${name}’s device`));
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase('en') + text.slice(1);
}
