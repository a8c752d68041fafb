import { createRequire } from 'node:module';

const Driver = createRequire(import.meta.url)('libsql');

/**
 * Adds organizations to a database that a server has made, by what every organization is made of: its row, from which
 * the database makes its resource.
 *
 * @param {string} database
 * @param {number} count
 */
export function fill(database, count) {
  const driver = new Driver(database);
  driver.exec(`
    PRAGMA foreign_keys = ON;
    INSERT INTO organizations (id, environment_id, name, external_id, stripe_customer_id,
      allow_profiles_outside_organization, metadata, created_at, updated_at)
    WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ${count})
    SELECT printf('org_%026d', n), (SELECT id FROM environments LIMIT 1), 'Organization ' || n, 'bench-' || n, NULL,
      0, '{}', made, made
    FROM (SELECT n, strftime('%Y-%m-%dT%H:%M:%fZ', 1700000000 + n / 100.0, 'unixepoch') AS made FROM counted);
    PRAGMA wal_checkpoint(TRUNCATE);
  `);
  driver.close();
}

/**
 * Adds projects to a workspace of the seed data, as many to its tree of resources.
 *
 * @param {string} database
 * @param {number} count
 */
export function fillTree(database, count) {
  const driver = new Driver(database);
  driver.exec(`
    PRAGMA foreign_keys = ON;
    INSERT INTO authorization_resources (id, environment_id, organization_id, parent_resource_id,
      resource_type_slug, external_id, name, description, created_at, updated_at)
    WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ${count})
    SELECT printf('authz_resource_%026d', n), environment_id, organization_id, id, 'project', 'bench-' || n,
      'Project ' || n, NULL, created_at, updated_at
    FROM counted, authorization_resources AS workspace WHERE workspace.external_id = 'engineering';
    PRAGMA wal_checkpoint(TRUNCATE);
  `);
  driver.close();
}
