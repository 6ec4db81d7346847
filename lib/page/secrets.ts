// Which fields hold secrets, and the masking of their values wherever they turn up: a name computed from
// a label around two fields, a line of a diff, a paragraph that echoes what was typed.
import { isInput, isTextArea } from './dom/kinds.ts';
import { attributeOf, selectAllIn } from './dom/native.ts';

export const MASK = '[masked]';
const SECRET_TOKEN = /^(cc-.+|(current|new)-password|one-time-code)$/u;
const SECRET_NAME =
  /(^|[^a-z])(otp|totp|cvv2?|cvc2?|csc|ssn|pin|passw(or)?d|passcode|passphrase|card-?_?(number|no|num)|cardnumber)([^a-z]|$)/u;
/** Shorter values would mask half the page's numbers; their own field still masks them. */
const MIN_ECHO_CHARS = 3;
const MAX_SECRETS = 200;

export interface Secrets {
  /** A field whose value must never leave the page. Once so, always so: "show password" changes nothing. */
  isSecret(element: Element): boolean;
  /** Replaces every secret value that stands in the text. Reads the fields afresh for each run. */
  mask(text: string): string;
  /** Looks the page's fields over again; call at the start of a run and after acting. */
  refresh(documents: Iterable<Document>): void;
}

export function createSecrets(): Secrets {
  const once = new WeakSet<Element>();
  const seen = new Set<string>();
  let values: readonly string[] = [];

  function isSecret(element: Element): boolean {
    if (once.has(element)) return true;
    if (!looksSecret(element)) return false;
    once.add(element);
    return true;
  }

  function refresh(documents: Iterable<Document>): void {
    for (const home of documents) {
      for (const field of selectAllIn(home, 'input, textarea')) {
        if (seen.size >= MAX_SECRETS) break;
        if ((isInput(field) || isTextArea(field)) && isSecret(field)) remember(field.value);
      }
    }
    values = [...seen].toSorted((a, b) => b.length - a.length);
  }

  function remember(value: string): void {
    const trimmed = value.trim();
    if (trimmed.length >= MIN_ECHO_CHARS) seen.add(trimmed);
  }

  return {
    isSecret,
    refresh,
    mask: (text) => values.reduce((masked, value) => maskOne(masked, value), text),
  };
}

function looksSecret(element: Element): boolean {
  if (!isInput(element) && !isTextArea(element)) return false;
  if (isInput(element) && element.type === 'password') return true;
  const words = (attributeOf(element, 'autocomplete') ?? '').toLowerCase().split(/\s+/u);
  if (words.some((word) => SECRET_TOKEN.test(word))) return true;
  return ['name', 'id'].some((name) => SECRET_NAME.test(nameWords(attributeOf(element, name))));
}

function nameWords(name: string | null): string {
  return (name ?? '')
    .slice(0, 100)
    .replace(/([a-z])([A-Z])/gu, '$1-$2')
    .toLowerCase();
}

/** Short values are masked only where they stand alone, long ones wherever they are. */
function maskOne(text: string, value: string): string {
  if (!text.includes(value)) return text;
  if (value.length >= 8) return text.replaceAll(value, MASK);
  let masked = '';
  let from = 0;
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
    const alone = !isWordChar(text[at - 1]) && !isWordChar(text[at + value.length]);
    masked += text.slice(from, at) + (alone ? MASK : value);
    from = at + value.length;
  }
  return masked + text.slice(from);
}

function isWordChar(char: string | undefined): boolean {
  return char !== undefined && /[\p{L}\p{N}]/u.test(char);
}
