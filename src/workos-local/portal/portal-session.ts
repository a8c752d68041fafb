import type { Context as PageContext } from 'hono';
import { html } from 'hono/html';
import { minute, timestamp } from '../kit/clock.ts';
import type { Context } from '../kit/context.ts';
import { randomToken } from '../kit/random.ts';
import { contextOf } from '../pages/context-of.ts';
import { type PageCookie, readCookie, writeCookie } from '../pages/cookies.ts';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { type Html, page } from '../pages/page.ts';
import { PageError } from '../pages/page-error.ts';
import { type OrganizationRow, requireOrganization } from '../resources/organizations/organizations.table.ts';
import { portalPath } from '../resources/portal/portal.ts';
import {
  openPortalLink,
  type PortalLinkRow,
  type PortalSection,
  portalSession,
  sectionsOf,
} from '../resources/portal/portal-links.table.ts';

/** How long somebody can work in the portal. */
const sessionLifetime = 60 * minute;

// One session a browser: a link opens the portal for its organization and closes it for another one.
const cookie: PageCookie = { name: 'portal', environment: null };

/** Somebody in the portal. */
export interface PortalVisit {
  readonly context: Context;
  readonly link: PortalLinkRow;
  readonly organization: OrganizationRow;
  readonly sections: readonly PortalSection[];
}

export type PortalPage = PageContext<PageEnv>;

/**
 * Makes a link a session of this browser.
 *
 * @throws PageError 410 when it was opened before, or too late
 */
export async function beginPortalSession(c: PortalPage, host: PageHost, token: string): Promise<void> {
  const session = randomToken(host.random, 40);
  const now = host.clock.now();
  const isOpened = host.database.write(() =>
    openPortalLink(host.database, token, {
      token: session,
      now: timestamp(now),
      expiresAt: timestamp(now + sessionLifetime),
    }),
  );
  if (!isOpened) throw closed();
  await writeCookie(c, host, cookie, session, sessionLifetime / 1000);
}

/** @throws PageError 410 when there is no session, 403 when it is for something else */
export async function portalVisit(
  c: PortalPage,
  host: PageHost,
  section: PortalSection | null,
): Promise<PortalVisit> {
  const session = await readCookie(c, host, cookie);
  const link = session === null ? null : portalSession(host.database, session, timestamp(host.clock.now()));
  if (link === null) throw closed();
  const context = contextOf(host, { id: link.environment_id, client_id: link.client_id }, c.env);
  const sections = sectionsOf(link);
  if (section !== null && !sections.includes(section)) {
    throw new PageError(403, 'This link is not for that', 'Ask the application for a link to this page.');
  }
  return { context, link, organization: requireOrganization(context, link.organization_id), sections };
}

function closed(): PageError {
  return new PageError(
    410,
    'This link has expired',
    'A link to the portal can be opened once, within five minutes. Ask the application for another one.',
  );
}

const names: Readonly<Record<PortalSection, string>> = {
  sso: 'Single sign-on',
  dsync: 'Directory sync',
  domain_verification: 'Domains',
  audit_logs: 'Audit log',
  log_streams: 'Log streams',
  certificate_renewal: 'Certificates',
  bring_your_own_key: 'Encryption keys',
  people: 'People',
  api_keys: 'API keys',
};

export function sectionPath(section: PortalSection): string {
  return `${portalPath}/${section}`;
}

/** A page of the portal: the organization's name, the sections, and the way back to the application. */
export function portalPage(
  c: PortalPage,
  visit: PortalVisit,
  section: PortalSection,
  body: Html,
  status: 200 | 422 = 200,
): Response | Promise<Response> {
  const { organization, sections, link } = visit;
  return page(c, {
    title: `${names[section]} – ${organization.name}`,
    width: 'wide',
    status,
    header: html`<nav><strong>${organization.name}</strong>
      ${sections.map(
        (each) =>
          html`<a href="${sectionPath(each)}"${each === section ? html` aria-current="page"` : ''}>${names[each]}</a>`,
      )}
      ${link.return_url === null ? '' : html`<a href="${link.return_url}">Back to the application</a>`}</nav>`,
    body: html`<h1>${names[section]}</h1>${body}`,
  });
}

/** What leads on when something has been set up: to where the application wants to hear of it. */
export function finishLink({ link }: PortalVisit): Html | '' {
  const target = link.success_url ?? link.return_url;
  return target === null ? '' : html`<p><a class="button" href="${target}">Finish</a></p>`;
}
