import { minute, timestamp } from '../../kit/clock.ts';
import { isEmailAddress } from '../../kit/email-address.ts';
import { invalidField } from '../../kit/errors.ts';
import { randomToken } from '../../kit/random.ts';
import type { Resource } from '../../operation.ts';
import { domainName } from '../organization-domains/domain-name.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import { insertPortalLink, type PortalSection } from './portal-links.table.ts';

/** Where the Admin Portal is. */
export const portalPath = '/_portal';

/** How long a link can be opened, the reference says. */
const linkLifetime = 5 * minute;

/** What a link opens that was made for nothing in particular. */
const everything: readonly PortalSection[] = ['sso', 'dsync', 'domain_verification', 'audit_logs'];

export const portal = {
  PortalSessionsController_create: (context, { body }) => {
    const organization = requireOrganization(context, body.organization);
    const contacts = body.it_contact_emails ?? [];
    contacts.forEach((email, at) => {
      if (isEmailAddress(email)) return;
      const field = `it_contact_emails.${at}`;
      throw invalidField(field, 'invalid_email', `${field} is no e-mail address.`);
    });
    const options = body.intent_options ?? {};
    const domain = options.domain_verification?.domain_name;
    if (domain !== undefined) domainName(domain, 'intent_options.domain_verification.domain_name');
    const token = randomToken(context.random, 40);
    insertPortalLink(context, token, {
      organization_id: organization.id,
      sections: JSON.stringify(body.intent === undefined ? everything : [body.intent]),
      intent_options: JSON.stringify(options),
      it_contact_emails: JSON.stringify(contacts),
      return_url: webAddress('return_url', body.return_url),
      success_url: webAddress('success_url', body.success_url),
      expires_at: timestamp(context.time + linkLifetime),
    });
    return { link: `${context.baseUrl}${portalPath}?token=${token}` };
  },
} satisfies Resource<'PortalSessionsController_create'>;

/**
 * Where the portal's buttons lead. Who names it has shown the API key, so any page of the web will do.
 *
 * @throws ApiError 422
 */
function webAddress(field: string, text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw invalidField(field, 'invalid_url', `${field} must be an http or https address.`);
  }
  return text;
}
