import type { Migration } from '../../sqlite/index.ts';

/** Most organizations have neither of the two: then there is nothing to keep in an index, and a write is shorter. */
export const leanOrganizations: Migration = {
  name: 'lean organizations',
  sql: `
    DROP INDEX organizations_by_external_id;
    DROP INDEX organizations_by_stripe_customer;
    CREATE UNIQUE INDEX organizations_by_external_id ON organizations (environment_id, external_id)
      WHERE external_id IS NOT NULL;
    CREATE UNIQUE INDEX organizations_by_stripe_customer ON organizations (environment_id, stripe_customer_id)
      WHERE stripe_customer_id IS NOT NULL;
  `,
};
