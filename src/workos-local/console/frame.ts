import type { Context } from 'hono';
import { html } from 'hono/html';
import { KosmoError } from '../../support/errors.ts';
import { type EnvironmentRow, findEnvironment, listEnvironments } from '../control/environments.ts';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { type Html, page } from '../pages/page.ts';
import { PageError } from '../pages/page-error.ts';

/** Adds the pages of one part of the console; their paths begin below `/_local`. */
export type ConsolePart = (app: import('hono').Hono<PageEnv>, host: PageHost) => void;

const places = [
  ['', 'Overview'],
  ['/data', 'Data'],
  ['/inbox', 'Inbox'],
  ['/events', 'Events'],
  ['/webhooks', 'Webhooks'],
  ['/requests', 'Requests'],
  ['/settings', 'Sign-in'],
  ['/environments', 'Environments'],
  ['/clock', 'Clock'],
  ['/faults', 'Faults'],
] as const;

export type Place = (typeof places)[number][0];

/** The environment the page is about: `?environment=`, or the default one. */
export function environmentOf(c: Context<PageEnv>, host: PageHost): EnvironmentRow {
  return sayAsPage(() => findEnvironment(host, c.req.query('environment') || undefined));
}

/** A mistake of the visitor's is a page that says so, not a fault of the server. */
export function sayAsPage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof KosmoError) || error.failure.code === 'internal') throw error;
    throw new PageError(422, 'That did not work', `${error.failure.message} ${error.failure.hint}`);
  }
}

/** A path of the console for an environment; the default one goes without saying. */
export function pathTo(
  host: PageHost,
  environment: EnvironmentRow,
  path: string,
  query: Readonly<Record<string, string>> = {},
): string {
  const isDefault = findEnvironment(host, undefined).id === environment.id;
  const values = new URLSearchParams(isDefault ? query : { environment: environment.id, ...query });
  return `/_local${path}${values.size === 0 ? '' : `?${values.toString()}`}`;
}

export interface ConsolePage {
  readonly place: Place;
  readonly title: string;
  readonly body: Html;
  /** Null for what is the same in every environment. */
  readonly environment: EnvironmentRow | null;
  /** Whether it can be asked to bring itself up to date. */
  readonly isWatchable?: true;
}

/** A page in the console's frame: where one can go, and which environment is looked at. */
export function consolePage(
  c: Context<PageEnv>,
  host: PageHost,
  { place, title, body, environment, isWatchable }: ConsolePage,
): Response | Promise<Response> {
  const shown = environment ?? environmentOf(c, host);
  const header = html`<nav aria-label="Console">
<strong>kosmo local</strong>
${places.map(
  ([path, name]) =>
    html`<a href="${pathTo(host, shown, path)}"${path === place ? html` aria-current="page"` : ''}>${name}</a>`,
)}
</nav>`;
  return page(c, {
    title: `${title} · kosmo local`,
    width: 'wide',
    header,
    ...(isWatchable === true && isWatched(c) ? { refresh: watchEvery } : {}),
    body: html`${environment === null ? '' : chooser(c, host, environment)}<div class="between"><h1>${title}</h1>${
      isWatchable === true ? watchLink(c) : ''
    }</div>${body}`,
  });
}

/** Seconds after which a page that is watched is asked for again. */
const watchEvery = 5;

function isWatched(c: Context<PageEnv>): boolean {
  return c.req.query('watch') === '1';
}

/** A page comes again by itself only when asked to: whoever reads or types in it is not to be interrupted. */
function watchLink(c: Context<PageEnv>): Html {
  const { pathname, searchParams } = new URL(c.req.url);
  if (isWatched(c)) searchParams.delete('watch');
  else searchParams.set('watch', '1');
  const path = `${pathname}${searchParams.size === 0 ? '' : `?${searchParams.toString()}`}`;
  return html`<a href="${path}">${isWatched(c) ? 'Stop bringing it up to date' : 'Keep it up to date'}</a>`;
}

/** The choice of the environment; it is not there while there is but one. */
function chooser(c: Context<PageEnv>, host: PageHost, chosen: EnvironmentRow): Html | '' {
  const all = listEnvironments(host);
  if (all.length < 2) return '';
  return html`<form method="get" action="${c.req.path}" class="row">
<div class="field"><label for="environment">Environment</label>
<select id="environment" name="environment">
${all.map(({ id, name }) => html`<option value="${id}"${id === chosen.id ? html` selected` : ''}>${name}</option>`)}
</select></div>
<button class="secondary">Show</button>
</form>`;
}

/** A moment as people read it, with the exact one behind it. */
export function moment(iso: string): Html {
  return html`<time datetime="${iso}" title="${iso}">${iso.slice(0, 19).replace('T', ' ')}</time>`;
}

/** Links to the pages before and after, where there are any. */
export function paging(previous: string | null, next: string | null): Html | '' {
  if (previous === null && next === null) return '';
  return html`<nav class="pages" aria-label="Pages">
${previous === null ? '' : html`<a class="button secondary small" href="${previous}">Newer</a>`}
${next === null ? '' : html`<a class="button secondary small" href="${next}">Older</a>`}
</nav>`;
}

export function empty(text: string): Html {
  return html`<p class="empty">${text}</p>`;
}
