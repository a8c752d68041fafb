import type { Context } from '../../kit/context.ts';

export type DomainState = 'failed' | 'legacy_verified' | 'pending' | 'unverified' | 'verified';

export interface DomainRow {
  readonly id: string;
  readonly organization_id: string;
  readonly domain: string;
  readonly state: DomainState;
  readonly verification_strategy: 'dns' | 'manual';
  readonly verification_prefix: string | null;
  readonly verification_token: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export function insertDomain(context: Context, row: DomainRow): void {
  context.database.run(
    `INSERT INTO organization_domains (id, environment_id, organization_id, domain, state, verification_strategy,
       verification_prefix, verification_token, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.organization_id,
      row.domain,
      row.state,
      row.verification_strategy,
      row.verification_prefix,
      row.verification_token,
      row.created_at,
      row.updated_at,
    ],
  );
}

export function domainById(context: Context, id: string): DomainRow | null {
  return context.database.get<DomainRow>(
    'SELECT * FROM organization_domains WHERE environment_id = ? AND id = ?',
    [context.environment.id, id],
  );
}

export function domainOfOrganization(
  context: Context,
  organizationId: string,
  domain: string,
): DomainRow | null {
  return context.database.get<DomainRow>(
    'SELECT * FROM organization_domains WHERE organization_id = ? AND domain = ?',
    [organizationId, domain],
  );
}

/** The domains of several organizations with one statement, oldest first. */
export function domainsOfOrganizations(
  context: Context,
  organizationIds: readonly string[],
): Map<string, DomainRow[]> {
  const found = new Map<string, DomainRow[]>(organizationIds.map((id) => [id, []]));
  const rows = context.database.all<DomainRow>(
    `SELECT * FROM organization_domains WHERE organization_id IN (SELECT value FROM json_each(?))
     ORDER BY created_at, id`,
    [JSON.stringify(organizationIds)],
  );
  for (const row of rows) found.get(row.organization_id)?.push(row);
  return found;
}

export function updateDomainState(context: Context, row: DomainRow): void {
  context.database.run(
    'UPDATE organization_domains SET state = ?, verification_strategy = ?, updated_at = ? WHERE id = ?',
    [row.state, row.verification_strategy, row.updated_at, row.id],
  );
}

export function deleteDomainRow(context: Context, id: string): void {
  context.database.run('DELETE FROM organization_domains WHERE id = ?', [id]);
}

/** Whether the local DNS has a TXT record with this text. */
export function hasTextRecord(context: Context, name: string, text: string): boolean {
  return (
    context.database.get('SELECT 1 FROM dns_records WHERE environment_id = ? AND name = ? AND text = ?', [
      context.environment.id,
      name,
      text,
    ]) !== null
  );
}
