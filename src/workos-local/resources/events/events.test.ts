import { beforeEach, describe, expect, it } from 'vitest';
import { LocalClient } from '../../testing/local-client.ts';

const key = 'sk_test_events';
let client: LocalClient;
beforeEach(() => {
  client = new LocalClient({ autoEnvironments: true });
});

const organization = async (name: string) => (await client.post('/organizations', { name }, { key })).body;

async function names(query: string): Promise<string[]> {
  const { status, body } = await client.get(`/events?${query}`, { key });
  expect(status).toBe(200);
  return body.data.map(
    (event: { event: string; data: { name: string } }) => `${event.event} ${event.data.name}`,
  );
}

describe('the events list', () => {
  it('tells what happened in order, so that a consumer goes on after the last it has seen', async () => {
    await organization('A');
    const { data } = (await client.get('/events', { key })).body;
    await organization('B');
    await organization('C');
    expect(await names(`after=${data.at(-1).id}`)).toEqual([
      'organization.created B',
      'organization.created C',
    ]);
    expect(await names('order=desc&limit=1')).toEqual(['organization.created C']);
  });

  it('can be narrowed to kinds of event, an organization and a time', async () => {
    const a = await organization('A');
    client.clock.advance(60_000);
    const b = await organization('B');
    await client.put(`/organizations/${a.id}`, { name: 'A2' }, { key });
    await client.delete(`/organizations/${b.id}`, { key });
    expect(await names('events=organization.created,organization.deleted')).toEqual([
      'organization.created A',
      'organization.created B',
      'organization.deleted B',
    ]);
    expect(await names(`organization_id=${a.id}`)).toEqual([
      'organization.created A',
      'organization.updated A2',
    ]);
    expect(await names('range_start=2026-06-01T12:00:30Z&events=organization.created')).toEqual([
      'organization.created B',
    ]);
    expect(await names('range_end=2026-06-01T14:00:30%2B02:00')).toEqual(['organization.created A']);
  });

  it('refuses what is no time', async () => {
    const reply = await client.get('/events?range_start=yesterday', { key });
    expect(reply).toMatchObject({ status: 422, body: { errors: [{ field: 'range_start' }] } });
  });

  it('holds each object as it was served then', async () => {
    const made = await organization('A');
    const changed = (await client.put(`/organizations/${made.id}`, { name: 'B' }, { key })).body;
    const { data } = (await client.get('/events', { key })).body;
    expect(data.map((event: { data: object }) => event.data)).toEqual([made, changed]);
  });
});
