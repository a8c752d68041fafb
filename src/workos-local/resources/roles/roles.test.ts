import { describe, expect, it } from 'vitest';
import { Database, migrate } from '../../../sqlite/index.ts';
import { type Environment, insertEnvironment } from '../../kit/environments.ts';
import { IdSource } from '../../kit/ids.ts';
import { SystemRandom } from '../../kit/random.ts';
import { schema } from '../../schema/migrations.ts';
import type { RoleRow } from './roles.table.ts';

const now = '2026-06-01T12:00:00.000Z';
const ids = new IdSource(new SystemRandom());

function open(database: Database, name: string): Environment {
  const environment = { id: ids.next('environment_', Date.parse(now)), client_id: `client_${name}` };
  insertEnvironment(database, { ...environment, name, apiKey: `sk_test_${name}`, now });
  return environment;
}

const rolesOf = (database: Database, { id }: Environment) =>
  database.all<RoleRow>('SELECT * FROM roles WHERE environment_id = ? ORDER BY priority', [id]);

describe('every environment', () => {
  it('has an admin and a member role of its own, and member is what nobody has to ask for', () => {
    const database = Database.open(':memory:');
    migrate(database, schema, now);
    const [one, two] = [open(database, 'one'), open(database, 'two')];
    expect(rolesOf(database, one)).toMatchObject([
      { slug: 'admin', name: 'Admin', organization_id: null, is_default: 0, created_at: now },
      { slug: 'member', name: 'Member', organization_id: null, is_default: 1, created_at: now },
    ]);
    const roles = [...rolesOf(database, one), ...rolesOf(database, two)];
    expect(new Set(roles.map((role) => role.id)).size).toBe(4);
    for (const role of roles) expect(role.id).toMatch(/^role_[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
    database.close();
  });

  it('has them also when it is older than they are', () => {
    const database = Database.open(':memory:');
    const before = schema.migrations.findIndex(({ name }) => name === 'organization memberships');
    migrate(database, { ...schema, migrations: schema.migrations.slice(0, before) }, now);
    const environment = open(database, 'old');
    migrate(database, schema, now);
    expect(rolesOf(database, environment).map((role) => role.slug)).toEqual(['admin', 'member']);
    database.close();
  });
});
