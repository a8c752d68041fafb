import { invalidField } from '../../kit/errors.ts';

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const name = new RegExp(`^(?:${label}\\.)+${label}$`);

/** Mail providers whose addresses belong to anybody, so that no organization can own them. */
const consumerDomains = new Set([
  'aol.com',
  'gmail.com',
  'googlemail.com',
  'gmx.com',
  'hotmail.com',
  'icloud.com',
  'live.com',
  'mail.com',
  'me.com',
  'msn.com',
  'outlook.com',
  'proton.me',
  'protonmail.com',
  'yahoo.com',
]);

export function isConsumerDomain(domain: string): boolean {
  return consumerDomains.has(domain);
}

/**
 * A domain as it is kept: in lower case.
 *
 * @throws ApiError 422 when it is no domain name, or a mail provider's
 */
export function domainName(text: string, field: string): string {
  const domain = text.trim().toLowerCase();
  if (domain.length > 253 || !name.test(domain)) {
    throw invalidField(field, 'invalid_domain', `${field} must be a domain name such as example.com.`);
  }
  if (isConsumerDomain(domain)) {
    throw invalidField(
      field,
      'consumer_domain',
      `${domain} is a mail provider's and cannot belong to an organization.`,
    );
  }
  return domain;
}
