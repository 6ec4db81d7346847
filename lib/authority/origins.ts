// Which web origins a grant covers. A pattern is one of
//   *                        any http or https origin
//   https://example.org      that origin, default port
//   https://*.example.org    every host below it at any depth, not example.org itself, default port
//   http://127.0.0.1:*       that host, any port        (a port or * may follow any host)
// Nothing else is a pattern: no path, user name, other scheme, lone label (*.org) or * inside a label.
// Pages that are not http(s) are never covered; protected origins only by a pattern without any *.
import { fail, ok, type Result } from '../wire/failure.ts';

export interface OriginPattern {
  /** Canonical spelling: lower case, punycode, no default port. */
  readonly text: string;
  readonly exact: boolean;
  matches(origin: URL): boolean;
}

export interface OriginScope {
  /** Whether a page at this address (full URL or origin) is covered. */
  allows(url: string): boolean;
}

/** A host name has at most 253 characters (RFC 1035). */
const MAX_CHARS = 270;

const SHAPE = /^(https?):\/\/(\*\.)?(\[[0-9a-f:.]+\]|[^\s/\\?#@*:%[\]]+)(?::(\d{1,5}|\*))?$/iu;

/** The http(s) origin of an address, or null for every other kind of page (blob:, file:, chrome:, …). */
export function originOf(url: string): string | null {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !isWeb(parsed)) return null;
  return parsed.origin;
}

export function parseOriginPattern(text: string): Result<OriginPattern> {
  if (text === '*') return ok({ text, exact: false, matches: () => true });
  const shape = SHAPE.exec(text);
  if (shape === null || text.length > MAX_CHARS) return notAPattern(text);
  const [, scheme = '', wildcard = '', host = '', port = ''] = shape;
  const anyPort = port === '*';
  const address = `${scheme}://${wildcard && 'w.'}${host}${port && !anyPort ? `:${port}` : ''}`;
  if (!URL.canParse(address)) return notAPattern(text);
  return sitePattern(text, new URL(address), wildcard !== '', anyPort);
}

function sitePattern(
  text: string,
  site: URL,
  wildcard: boolean,
  anyPort: boolean,
): Result<OriginPattern> {
  const host = wildcard ? site.hostname.slice('w.'.length) : site.hostname;
  const lone = wildcard && !/^[^.]+\.[^.]/u.test(host);
  if (lone || host.length > 253) return notAPattern(text);
  const port = anyPort ? ':*' : site.port && `:${site.port}`;
  return ok({
    text: `${site.protocol}//${wildcard ? '*.' : ''}${host}${port}`,
    exact: !wildcard && !anyPort,
    matches: (origin) =>
      origin.protocol === site.protocol &&
      (anyPort || origin.port === site.port) &&
      (wildcard ? isBelow(origin.hostname, host) : origin.hostname === host),
  });
}

/** `protectedOrigins` are read at every check, since a node may change its relay. */
export function createOriginScope(
  patterns: readonly string[],
  protectedOrigins: () => readonly string[] = () => [],
): OriginScope {
  const parsed = patterns.map(parseOriginPattern).flatMap((one) => (one.ok ? [one.value] : []));
  return {
    allows: (url) => {
      const origin = originOf(url);
      if (origin === null) return false;
      const guarded = protectedOrigins().some((one) => originOf(webSpelling(one)) === origin);
      const page = new URL(origin);
      return parsed.some((pattern) => (pattern.exact || !guarded) && pattern.matches(page));
    },
  };
}

/** Canonical, without repeats; fails on the first that is no pattern. */
export function canonicalPatterns(texts: readonly string[]): Result<string[]> {
  const canonical = new Set<string>();
  for (const text of texts) {
    const parsed = parseOriginPattern(text);
    if (!parsed.ok) return parsed;
    canonical.add(parsed.value.text);
  }
  return ok([...canonical]);
}

/** A relay is named by its WebSocket address; its pages live at the http twin of it. */
function webSpelling(url: string): string {
  return url.replace(/^ws(s?):/iu, 'http$1:');
}

function isBelow(host: string, parent: string): boolean {
  return host.length > parent.length + 1 && host.endsWith(`.${parent}`);
}

function isWeb(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:';
}

function notAPattern(text: string): Result<never> {
  return fail(
    'bad_arguments',
    `${JSON.stringify(text.slice(0, 80))} is not an origin pattern.`,
    'Write https://example.org, https://*.example.org, http://127.0.0.1:* or *.',
  );
}
