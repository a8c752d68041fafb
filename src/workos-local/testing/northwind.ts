import type { Json, LocalClient } from './local-client.ts';

/** Makes the organization Northwind, which has proved that northwind.example is its own. */
export async function northwind(client: LocalClient): Promise<Json> {
  const { body } = await client.post('/organizations', {
    name: 'Northwind',
    domain_data: [{ domain: 'northwind.example', state: 'verified' }],
  });
  return body;
}
