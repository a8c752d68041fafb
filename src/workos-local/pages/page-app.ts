import { createHash, timingSafeEqual } from 'node:crypto';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { html } from 'hono/html';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { failureOf } from '../../support/errors.ts';
import { ApiError } from '../kit/errors.ts';
import { randomToken } from '../kit/random.ts';
import { clearCookie, type PageCookie, readCookie, writeCookie } from './cookies.ts';
import { flashCookie, parseFlash } from './flash.ts';
import { Form } from './form.ts';
import type { PageEnv, PageHost } from './host.ts';
import { page } from './page.ts';
import { PageError } from './page-error.ts';

export interface PageAppOptions {
  /**
   * Whether a form may end at a URL of somebody else: the redirect URI of an application. Browsers hold the redirects
   * that follow a form against `form-action`, so then there is none.
   */
  readonly leadsAway?: boolean;
  /** How large a posted form may be, in bytes; 64 KiB unless said. */
  readonly largestForm?: number;
}

/**
 * A Hono app for pages: with security headers, forms read and held against their CSRF token, flash lines, and errors
 * shown as pages. Its handlers answer with `page(c, …)` or `c.redirect(…, 303)`.
 */
export function createPageApp(host: PageHost, options: PageAppOptions = {}): Hono<PageEnv> {
  const app = new Hono<PageEnv>();
  app.use(headers(options.leadsAway ?? false));
  app.use(csrf());
  app.use(
    bodyLimit({
      maxSize: options.largestForm ?? 64 * 1024,
      onError: () => {
        throw new PageError(413, 'Too much', 'The form holds more than this page takes.');
      },
    }),
  );
  app.use(prepare(host));
  app.notFound((c) => errorPage(c, 404, 'Nothing here', 'There is no page at this address.'));
  app.onError((error, c) => {
    if (error instanceof PageError) return errorPage(c, error.status, error.title, error.message);
    if (error instanceof ApiError) {
      return errorPage(c, statusOf(error.status), 'That did not work', error.message);
    }
    if (error instanceof HTTPException) {
      return errorPage(c, statusOf(error.status), 'That was not sent by this page', 'Open the page again.');
    }
    return errorPage(c, 500, 'Something broke', failureOf(error).message);
  });
  return app;
}

function headers(leadsAway: boolean): MiddlewareHandler<PageEnv> {
  const secure = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
      ...(leadsAway ? {} : { formAction: ["'self'"] }),
    },
    // `no-referrer` would take the origin out of posted forms as well; this one names no page to another site.
    referrerPolicy: 'same-origin',
    xFrameOptions: 'DENY',
    // Applications open these pages in windows of their own and wait for them.
    crossOriginOpenerPolicy: false,
    strictTransportSecurity: false,
  });
  return async (c, next) => {
    await secure(c, next);
    c.header('cache-control', 'no-store');
  };
}

const csrfCookie: PageCookie = { name: 'csrf', environment: null };

function prepare(host: PageHost): MiddlewareHandler<PageEnv> {
  return async (c, next) => {
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
    const known = await readCookie(c, host, csrfCookie);
    const token = known ?? randomToken(host.random, 25);
    if (known === null) await writeCookie(c, host, csrfCookie, token);
    c.set('csrf', token);
    c.set('form', isRead ? new Form() : await readForm(c));
    if (!isRead && (known === null || !isSame(c.var.form.exact('csrf'), known))) {
      throw new PageError(403, 'That was not sent by this page', 'Open the page again, and allow cookies.');
    }
    const flash = isRead ? await readCookie(c, host, flashCookie) : null;
    if (flash !== null) clearCookie(c, flashCookie);
    c.set('flash', flash === null ? null : parseFlash(flash));
    await next();
  };
}

async function readForm(c: Context<PageEnv>): Promise<Form> {
  const type = c.req.header('content-type') ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) {
    throw new PageError(415, 'Not a form', 'This page takes application/x-www-form-urlencoded.');
  }
  return new Form(new URLSearchParams(await c.req.text()));
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function errorPage(c: Context<PageEnv>, status: ContentfulStatusCode, title: string, message: string) {
  return page(c, { status, title, body: html`<h1>${title}</h1><p>${message}</p>` });
}

function statusOf(status: number): ContentfulStatusCode {
  return status as ContentfulStatusCode;
}
