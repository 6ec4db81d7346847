// Web pages on loopback whose HTML a test sets and may change between loads.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface FixturePages extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, with a port of its own for each server: two servers are two origins. */
  readonly origin: string;
  /** Serves this HTML at `path` from now on, in place of what was there, and gives its whole address. */
  serve(path: string, html: string, headers?: Readonly<Record<string, string>>): string;
  /** How often `path` was asked for. */
  loads(path: string): number;
  close(): Promise<void>;
}

interface Served {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

export async function servePages(): Promise<FixturePages> {
  const pages = new Map<string, Served>();
  const loads = new Map<string, number>();
  const server = createServer((request, response) => answer(pages, loads, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('expected a TCP port');
  const origin = `http://127.0.0.1:${bound.port}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    origin,
    serve(path, html, headers = {}) {
      pages.set(path, { html, headers });
      return `${origin}${path}`;
    },
    loads: (path) => loads.get(path) ?? 0,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function answer(
  pages: ReadonlyMap<string, Served>,
  loads: Map<string, number>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { pathname } = new URL(request.url ?? '/', 'http://loopback');
  const page = pages.get(pathname);
  loads.set(pathname, (loads.get(pathname) ?? 0) + 1);
  response.writeHead(page ? 200 : 404, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    ...page?.headers,
  });
  response.end(page?.html ?? '<!doctype html><title>Nothing here</title>');
}
