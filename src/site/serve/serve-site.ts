import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { KosmoError, systemErrorCode } from '../../support/errors.ts';
import type { Site } from '../site.ts';
import { isMeantForUs, mayRun, runHeader } from './guard.ts';

/**
 * Runs an example.
 * @param signal ends the run
 * @returns what came of it: the JSON that `integrations:lua --json` prints
 */
export type RunExample = (source: string, signal: AbortSignal) => Promise<string>;

export interface ServeOptions {
  /** 0 takes any free one. */
  readonly port: number;
  /** As the site's pages were given it. */
  readonly runToken: string;
  readonly run: RunExample;
}

/** A site that is served. */
export interface ServedSite {
  /** Without a slash at its end: `http://127.0.0.1:4180`. */
  readonly url: string;
  close(): Promise<void>;
}

/** The largest program, in bytes. */
const largestProgram = 64 * 1024;
/** How many examples run at once. */
const mostRuns = 2;

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
};

/**
 * Serves a site to this machine alone, and runs its examples.
 * @throws KosmoError `port_in_use` when something listens there or the port may not be taken
 */
export async function serveSite(site: Site, options: ServeOptions): Promise<ServedSite> {
  let port = options.port;
  const app = siteApp(site, options, () => port);
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listeningError(error, port)));
    server.listen(port, '127.0.0.1', resolve);
  });
  ({ port } = server.address() as AddressInfo);
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

function siteApp(site: Site, { runToken, run }: ServeOptions, port: () => number): Hono {
  const app = new Hono();
  let running = 0;
  app.use(async (c, next) => {
    if (!isMeantForUs(c.req.header('host'), port()))
      return c.text('This is not the address of this server.', 421);
    await next();
  });
  app.use(
    secureHeaders({
      // Its pages bring their own policy; what only a header can say is said here.
      contentSecurityPolicy: { frameAncestors: ["'none'"] },
      xFrameOptions: 'DENY',
      referrerPolicy: 'same-origin',
      strictTransportSecurity: false,
    }),
  );
  app.use(async (c, next) => {
    await next();
    c.header('cache-control', 'no-store');
  });
  app.post('/run', bodyLimit({ maxSize: largestProgram }), async (c) => {
    const asked = {
      host: c.req.header('host'),
      origin: c.req.header('origin'),
      site: c.req.header('sec-fetch-site'),
      contentType: c.req.header('content-type'),
      token: c.req.header(runHeader),
    };
    if (!mayRun(asked, runToken)) return c.text('Only the pages of this server run examples.', 403);
    const source = sourceOf(await c.req.text());
    if (source === null) return c.text('A run is asked for as { "source": "…" }.', 400);
    if (running >= mostRuns) return c.text('Other examples are running. Try again in a moment.', 429);
    running += 1;
    try {
      return c.body(await run(source, c.req.raw.signal), 200, { 'content-type': 'application/json' });
    } finally {
      running -= 1;
    }
  });
  app.get('*', async (c) => {
    const asked = c.req.path.slice(1);
    const path = asked === '' ? 'index.html' : asked;
    const file = site.files.get(path) ?? site.files.get(`${path}.html`);
    if (file === undefined) return c.html(await site.notFound(path), 404);
    const extension = file.path.slice(file.path.lastIndexOf('.') + 1);
    const content = await file.content();
    return c.body(typeof content === 'string' ? content : Uint8Array.from(content), 200, {
      'content-type': types[extension] ?? 'application/octet-stream',
    });
  });
  return app;
}

/** The program in a request's body; null when there is none. */
function sourceOf(text: string): string | null {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || !('source' in body)) return null;
    return typeof body.source === 'string' ? body.source : null;
  } catch {
    return null;
  }
}

function listeningError(error: unknown, port: number): unknown {
  const code = systemErrorCode(error);
  if (code === null) return error;
  const message =
    code === 'EADDRINUSE'
      ? `Another program listens on port ${port}.`
      : `Port ${port} cannot be listened on (${code}).`;
  return new KosmoError('port_in_use', message, { details: { port } });
}
