import type { ProvidedUser } from '../resources/directory-users/directory-user.ts';
import type { DirectoryUserRow } from '../resources/directory-users/directory-users.table.ts';
import type { CustomAttributes } from '../resources/directory-users/served-directory-user.ts';
import { entityTag } from './entity-tag.ts';

/** The part of a SCIM user (RFC 7643, sections 4.1 and 4.3) that a directory user is made of. */
export interface ScimUser {
  readonly externalId?: string;
  readonly userName?: string;
  readonly active?: boolean;
  readonly name?: {
    readonly formatted?: string;
    readonly givenName?: string;
    readonly familyName?: string;
  };
  readonly displayName?: string;
  readonly title?: string;
  readonly userType?: string;
  readonly emails?: readonly ScimEmail[];
  readonly addresses?: readonly ScimAddress[];
  readonly [enterpriseExtension]?: EnterpriseUser;
}

interface ScimEmail {
  readonly value?: string;
  readonly type?: string;
  readonly primary?: boolean;
}

interface ScimAddress {
  readonly formatted?: string;
  readonly streetAddress?: string;
  readonly locality?: string;
  readonly region?: string;
  readonly postalCode?: string;
  readonly country?: string;
  readonly type?: string;
  readonly primary?: boolean;
}

interface EnterpriseUser {
  readonly employeeNumber?: string;
  readonly costCenter?: string;
  readonly organization?: string;
  readonly division?: string;
  readonly department?: string;
}

export const enterpriseExtension = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** What a provider says of a user, in the directory's words. */
export function providedUser(user: ScimUser): ProvidedUser {
  const { name = {}, active = true } = user;
  const emails = user.emails ?? [];
  const primary = emails.find((email) => email.primary === true) ?? emails[0];
  const username = user.userName ?? null;
  return {
    idpId: user.externalId ?? null,
    username,
    // Many providers name their users by address and send no other.
    email: primary?.value ?? (username?.includes('@') === true ? username : null),
    active,
    firstName: name.givenName ?? null,
    lastName: name.familyName ?? null,
    name: user.displayName ?? name.formatted ?? joined(name.givenName, name.familyName),
    raw: user,
    custom: customAttributes(user),
  };
}

/** A user as the provider gets them back. */
export function scimUser(row: DirectoryUserRow, groups: readonly { value: string; display: string }[]) {
  return {
    // Written by this server from a resource that the schema has let pass.
    ...(JSON.parse(row.raw_attributes) as ScimUser),
    id: row.scim_id,
    active: row.state === 'active',
    groups: groups.map((group) => ({ ...group, type: 'direct' })),
    meta: {
      created: row.created_at,
      lastModified: row.updated_at,
      version: entityTag(row.version),
    },
  };
}

function customAttributes(user: ScimUser): CustomAttributes {
  const extension = user[enterpriseExtension] ?? {};
  const all = {
    emails: user.emails?.map(({ value, type, primary }) =>
      present({ primary: primary ?? false, type, value }),
    ),
    job_title: user.title,
    username: user.userName,
    employee_type: user.userType,
    employee_number: extension.employeeNumber,
    cost_center_name: extension.costCenter,
    organization: extension.organization,
    division_name: extension.division,
    department_name: extension.department,
    addresses: user.addresses?.map((address) =>
      present({
        street_address: address.streetAddress,
        locality: address.locality,
        region: address.region,
        postal_code: address.postalCode,
        country: address.country,
        raw_address: address.formatted,
        type: address.type,
        primary: address.primary ?? false,
      }),
    ),
  };
  return present(all);
}

type Present<Value> = { [Name in keyof Value]?: Exclude<Value[Name], undefined> };

function present<Value extends object>(value: Value): Present<Value> {
  return Object.fromEntries(
    Object.entries(value).filter(([, inner]) => inner !== undefined),
  ) as Present<Value>;
}

function joined(first: string | undefined, last: string | undefined): string | null {
  const parts = [first, last].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? null : parts.join(' ');
}
