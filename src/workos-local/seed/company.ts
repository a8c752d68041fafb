import type { NewOrganization } from '../resources/organizations/organizations.ts';

interface Company {
  readonly organizations: readonly NewOrganization[];
  /** The external id of the organization that owns the key the server is used with. */
  readonly keyOwner: string;
}

/** The people and organizations a fresh server knows: customers of an invented project planner. */
export const company: Company = {
  organizations: [
    {
      name: 'Harborlight Robotics',
      external_id: 'customer-1001',
      domain_data: [
        { domain: 'harborlight.example', state: 'verified' },
        { domain: 'harborlight-labs.example', state: 'pending' },
      ],
      metadata: { plan: 'enterprise', region: 'eu' },
    },
    {
      name: 'Juniper & Finch Studio',
      external_id: 'customer-1002',
      domain_data: [{ domain: 'juniperfinch.example', state: 'pending' }],
      metadata: { plan: 'team' },
    },
    { name: 'Saltmarsh Community Garden', external_id: 'customer-1003', metadata: { plan: 'free' } },
  ],
  keyOwner: 'customer-1001',
};
