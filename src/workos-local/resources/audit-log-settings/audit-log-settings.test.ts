import { expect, it } from 'vitest';
import { LocalClient } from '../../testing/local-client.ts';

it('an organization’s audit log is kept as long as was chosen, 30 or 365 days', async () => {
  const client = new LocalClient();
  const { id } = (await client.post('/organizations', { name: 'Northwind' })).body;
  const path = `/organizations/${id}/audit_logs_retention`;
  const configuration = async () => (await client.get(`/organizations/${id}/audit_log_configuration`)).body;
  expect((await client.get(path)).body).toEqual({ retention_period_in_days: null });
  expect(await configuration()).toMatchObject({ organization_id: id, state: 'inactive' });
  expect((await client.put(path, { retention_period_in_days: 31 })).status).toBe(422);
  expect((await client.put(path, { retention_period_in_days: 365 })).status).toBe(200);
  expect((await client.get(path)).body).toEqual({ retention_period_in_days: 365 });
  expect(await configuration()).toMatchObject({ state: 'active', retention_period_in_days: 365 });
  expect((await client.get('/organizations/org_none/audit_logs_retention')).status).toBe(404);
});
