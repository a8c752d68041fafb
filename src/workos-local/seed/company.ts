import type { NewOrganization } from '../resources/organizations/organizations.ts';
import type { NewUser } from '../resources/users/users.ts';

interface Company {
  readonly organizations: readonly NewOrganization[];
  readonly people: readonly Person[];
  readonly groups: readonly {
    readonly organization: string;
    readonly name: string;
    readonly description: string;
  }[];
  /** The external ids of users, by the groups they are in. */
  readonly groupMembers: readonly {
    readonly organization: string;
    readonly group: string;
    readonly person: string;
  }[];
  readonly invitations: readonly Invited[];
  /** Where an application that is being written may be sent back to; the first is the default. */
  readonly redirectUris: readonly string[];
  /** Whose pages may call the API from a browser: where development servers listen. */
  readonly corsOrigins: readonly string[];
  /** The organization that owns the key the server is used with. */
  readonly keyOwner: string;
}

/** Organizations are named by their external id. */
interface Person {
  /** An id that is easy to remember, for one who is in every example. */
  readonly id?: string;
  readonly user: NewUser;
  readonly memberships: readonly {
    readonly organization: string;
    readonly role: 'admin' | 'member';
    /** Has left: the membership is kept, and switched off. */
    readonly inactive?: true;
  }[];
}

interface Invited {
  readonly email: string;
  readonly organization: string;
  readonly role: 'admin' | 'member';
  /** The external id of the user who invites. */
  readonly inviter: string;
}

export const harborlight = 'customer-1001';
export const juniper = 'customer-1002';
const saltmarsh = 'customer-1003';

function person(first: string, last: string, email: string, number: number): NewUser {
  return { first_name: first, last_name: last, email, email_verified: true, external_id: `person-${number}` };
}

/** The people and organizations a fresh server knows: customers of an invented project planner. */
export const company: Company = {
  organizations: [
    {
      name: 'Harborlight Robotics',
      external_id: harborlight,
      domain_data: [
        { domain: 'harborlight.example', state: 'verified' },
        { domain: 'harborlight-labs.example', state: 'pending' },
      ],
      metadata: { plan: 'enterprise', region: 'eu' },
    },
    {
      name: 'Juniper & Finch Studio',
      external_id: juniper,
      domain_data: [{ domain: 'juniperfinch.example', state: 'pending' }],
      metadata: { plan: 'team' },
    },
    { name: 'Saltmarsh Community Garden', external_id: saltmarsh, metadata: { plan: 'free' } },
  ],
  people: [
    {
      id: 'user_123',
      user: { ...person('Mara', 'Lindqvist', 'mara@harborlight.example', 1), metadata: { desk: '4-12' } },
      memberships: [
        { organization: harborlight, role: 'admin' },
        { organization: juniper, role: 'member' },
      ],
    },
    {
      user: person('Tomas', 'Okafor', 'tomas@harborlight.example', 2),
      memberships: [{ organization: harborlight, role: 'member' }],
    },
    {
      user: person('Priya', 'Raman', 'priya@harborlight.example', 3),
      memberships: [{ organization: harborlight, role: 'member' }],
    },
    {
      user: person('Jonas', 'Weiss', 'jonas@harborlight.example', 4),
      memberships: [{ organization: harborlight, role: 'member', inactive: true }],
    },
    {
      user: { ...person('Aiko', 'Tanabe', 'aiko@harborlight-labs.example', 5), email_verified: false },
      memberships: [{ organization: harborlight, role: 'member' }],
    },
    {
      user: person('Lucía', 'Ferrer', 'lucia@juniperfinch.example', 6),
      memberships: [{ organization: juniper, role: 'admin' }],
    },
    {
      user: person('Ben', 'Adeyemi', 'ben@juniperfinch.example', 7),
      memberships: [{ organization: juniper, role: 'member' }],
    },
    {
      user: { ...person('Noor', 'Haddad', 'noor@juniperfinch.example', 8), email_verified: false },
      memberships: [{ organization: juniper, role: 'member' }],
    },
    // Nobody is the admin of the garden.
    {
      user: person('Sam', 'Whitlock', 'sam@saltmarsh.example', 9),
      memberships: [{ organization: saltmarsh, role: 'member' }],
    },
    {
      user: person('Grace', 'Mbeki', 'grace.mbeki@example.com', 10),
      memberships: [{ organization: saltmarsh, role: 'member' }],
    },
    {
      user: person('Oskar', 'Nyström', 'oskar.nystrom@example.com', 11),
      memberships: [{ organization: saltmarsh, role: 'member' }],
    },
    { user: person('Ines', 'Duarte', 'ines.duarte@example.com', 12), memberships: [] },
  ],
  groups: [{ organization: harborlight, name: 'Firmware', description: 'Those who make the robots move' }],
  groupMembers: [
    { organization: harborlight, group: 'Firmware', person: 'person-2' },
    { organization: harborlight, group: 'Firmware', person: 'person-3' },
  ],
  invitations: [
    { email: 'rafael@juniperfinch.example', organization: juniper, role: 'member', inviter: 'person-6' },
  ],
  redirectUris: [
    'http://localhost:3000/callback',
    ...['localhost', '127.0.0.1'].flatMap((host) =>
      ['/callback', '/auth/callback', '/api/auth/callback'].map((path) => `http://${host}:*${path}`),
    ),
  ],
  corsOrigins: ['http://localhost:3000', 'http://localhost:5173'],
  keyOwner: harborlight,
};
