import { html } from 'hono/html';
import type { Context } from '../kit/context.ts';
import { contextOf } from '../pages/context-of.ts';
import type { CreateArea, PageHost, Visit } from '../pages/host.ts';
import { csrfField, page } from '../pages/page.ts';
import { createPageApp } from '../pages/page-app.ts';
import { PageError } from '../pages/page-error.ts';
import {
  authorizationByToken,
  type PendingAuthorization,
  useAuthorization,
} from '../resources/data-integrations/authorizations.table.ts';
import { connectAccount, revokeAtProvider } from '../resources/data-integrations/connected-account.ts';
import {
  type AccountOwner,
  connectedAccount,
} from '../resources/data-integrations/connected-accounts.table.ts';
import { providerPages } from '../resources/data-integrations/consent-path.ts';
import {
  type DataProviderRow,
  requestedScopesOf,
  requireDataProvider,
} from '../resources/data-integrations/data-providers.table.ts';
import { requireUser } from '../resources/users/users.table.ts';

interface Consent {
  readonly context: Context;
  readonly pending: PendingAuthorization;
  readonly provider: DataProviderRow;
  readonly owner: AccountOwner;
}

/** The pages where a stand-in for GitHub, Slack and the like asks its user for consent. */
export const createProviderPages: CreateArea = (host) => {
  const app = createPageApp(host, { leadsAway: true });
  const path = `${providerPages}/authorize`;

  app.get(path, (c) => {
    const { context, provider, owner } = host.database.read(() => open(host, c.env, c.req.query('token')));
    const user = requireUser(context, owner.userId);
    const isConnected = connectedAccount(context, provider.id, owner) !== null;
    return page(c, {
      title: `Connect ${provider.name}`,
      header: html`${provider.name} <span class="badge">stand-in</span>`,
      body: html`<h1>Connect your ${provider.name} account</h1>
        <p>The application you came from asks to use it for <strong>${user.email}</strong>.</p>
        ${provider.description === null ? '' : html`<p class="muted">${provider.description}.</p>`}
        <form method="post">${csrfField(c)}
          <fieldset><legend>What it may do</legend>
          ${requestedScopesOf(provider).map(
            (scope) =>
              html`<label class="check"><input type="checkbox" name="scope" value="${scope}" checked><code>${scope}</code></label>`,
          )}
          </fieldset>
          <p class="row"><button name="decision" value="allow">Allow</button>
          <button name="decision" value="deny" class="secondary">Deny</button></p>
          ${
            isConnected
              ? html`<p class="hint">The account is connected already. What it was allowed can be taken back here, as in
              ${provider.name}’s own settings: the application finds out when it next asks for a token.</p>
              <button name="decision" value="revoke" class="danger">Take access back</button>`
              : ''
          }
        </form>`,
    });
  });

  app.post(path, (c) => {
    const { form } = c.var;
    const decision = form.text('decision');
    const { pending, provider } = host.database.write(() => {
      const consent = open(host, c.env, c.req.query('token'));
      if (!useAuthorization(consent.context, consent.pending.token_hash)) throw gone();
      decide(consent, decision, form.all('scope'));
      return consent;
    });
    if (pending.return_to !== null) {
      const url = new URL(pending.return_to);
      if (decision !== 'allow') url.searchParams.set('error', 'access_denied');
      return c.redirect(url.href, 303);
    }
    const [title, text] =
      decision === 'allow'
        ? ['Connected', `Your ${provider.name} account is connected.`]
        : ['Not connected', `The application may not use your ${provider.name} account.`];
    return page(c, { title, body: html`<h1>${title}</h1><p>${text} You can close this window.</p>` });
  });
  return app;
};

function decide({ context, provider, owner }: Consent, decision: string, chosen: readonly string[]): void {
  if (decision === 'allow') {
    const scopes = requestedScopesOf(provider).filter((scope) => chosen.includes(scope));
    connectAccount(context, provider, owner, scopes);
    return;
  }
  const account = decision === 'revoke' ? connectedAccount(context, provider.id, owner) : null;
  if (account !== null) revokeAtProvider(context, account);
}

/** @throws PageError 410 when the link leads nowhere any more */
function open(host: PageHost, visit: Visit, token: string | undefined): Consent {
  const pending = token === undefined ? null : authorizationByToken(host.database, token);
  if (pending === null) throw gone();
  const context = contextOf(host, { id: pending.environment_id, client_id: pending.client_id }, visit);
  if (pending.used_at !== null || context.now >= pending.expires_at) throw gone();
  return {
    context,
    pending,
    provider: requireDataProvider(context, pending.slug),
    owner: { userId: pending.user_id, organizationId: pending.organization_id },
  };
}

function gone(): PageError {
  return new PageError(410, 'This link has expired', 'Go back to the application and connect again.');
}
