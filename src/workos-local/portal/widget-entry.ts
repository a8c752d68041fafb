import { createPublicKey } from 'node:crypto';
import type { Hono } from 'hono';
import { minute, timestamp } from '../kit/clock.ts';
import { environmentOfClient } from '../kit/environments.ts';
import { randomToken } from '../kit/random.ts';
import { contextOf } from '../pages/context-of.ts';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { PageError } from '../pages/page-error.ts';
import { requireOrganization } from '../resources/organizations/organizations.table.ts';
import { insertPortalLink, type PortalSection } from '../resources/portal/portal-links.table.ts';
import { signingKeyOf } from '../resources/signing-keys/signing-keys.table.ts';
import { widgetAudience } from '../resources/widgets/widgets.ts';
import { beginPortalSession, sectionPath } from './portal-session.ts';

/** Where a widget token opens what its scopes allow: the pages that stand in for WorkOS's React widgets. */
export const widgetsPath = '/_widgets';

const sections: Readonly<Record<string, PortalSection>> = {
  'widgets:users-table:manage': 'people',
  'widgets:domain-verification:manage': 'domain_verification',
  'widgets:sso:manage': 'sso',
  'widgets:api-keys:manage': 'api_keys',
  'widgets:dsync:manage': 'dsync',
  'widgets:audit-log-streaming:manage': 'log_streams',
};

export function addWidgetEntry(app: Hono<PageEnv>, host: PageHost): void {
  app.get(widgetsPath, async (c) => {
    const { clientId, organizationId, permissions } = await verified(host, c.req.query('token') ?? '');
    const opened = permissions.flatMap((scope) => sections[scope] ?? []);
    const [first] = opened;
    const environment = environmentOfClient(host.database, clientId);
    if (first === undefined || environment === null) throw refused();
    const token = randomToken(host.random, 40);
    host.database.write(() => {
      const context = contextOf(host, environment, c.env);
      insertPortalLink(context, token, {
        organization_id: requireOrganization(context, organizationId).id,
        sections: JSON.stringify(opened),
        intent_options: '{}',
        it_contact_emails: '[]',
        return_url: null,
        success_url: null,
        expires_at: timestamp(context.time + minute),
      });
    });
    await beginPortalSession(c, host, token);
    return c.redirect(sectionPath(first), 303);
  });
}

interface WidgetToken {
  readonly clientId: string;
  readonly organizationId: string;
  readonly permissions: readonly string[];
}

/** @throws PageError 401 for a token that this server has not signed for a widget, or that has expired */
async function verified(host: PageHost, token: string): Promise<WidgetToken> {
  const { decodeJwt, jwtVerify } = await import('jose');
  try {
    // The issuer names the environment, whose key then has to fit.
    const issuer = decodeJwt(token).iss ?? '';
    const clientId = issuer.slice(issuer.lastIndexOf('/') + 1);
    const environment = environmentOfClient(host.database, clientId);
    const key = environment === null ? null : signingKeyOf(host.database, environment.id);
    if (key === null) throw refused();
    const { payload } = await jwtVerify<{ org_id?: unknown; permissions?: unknown }>(
      token,
      createPublicKey(key.private_key),
      { issuer, audience: widgetAudience, algorithms: ['RS256'], currentDate: new Date(host.clock.now()) },
    );
    const { org_id: organizationId, permissions } = payload;
    if (typeof organizationId !== 'string' || !Array.isArray(permissions)) throw refused();
    return { clientId, organizationId, permissions: permissions.map(String) };
  } catch {
    throw refused();
  }
}

function refused(): PageError {
  return new PageError(
    401,
    'This token opens nothing',
    'It has expired, or it is no widget token of this server.',
  );
}
