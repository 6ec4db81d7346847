// Which pages may open a socket to the relay. A browser names the page that asks; programs such as Node send no Origin.
// Web pages are refused, so that no site can make a visitor's browser work the relay for it.

const EXTENSION_ORIGIN = /^(?:chrome|moz)-extension:\/\/[a-z0-9-]{1,64}$/i;

/** `allowed` names further origins, such as `http://127.0.0.1:8080`, exactly as a browser sends them. */
export function isOriginWelcome(origin: string | undefined, allowed: readonly string[]): boolean {
  return origin === undefined || EXTENSION_ORIGIN.test(origin) || allowed.includes(origin);
}
