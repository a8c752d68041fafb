import { beforeEach, describe, expect, it } from 'vitest';
import { type Json, LocalClient } from '../testing/local-client.ts';

let client: LocalClient;
beforeEach(async () => {
  client = new LocalClient({ autoEnvironments: true });
  for (let number = 1; number <= 7; number += 1) await add(number);
});

const key = 'sk_test_lists';

async function add(number: number): Promise<Json> {
  return (await client.post('/organizations', { name: `${number}` }, { key })).body;
}

async function page(query: string): Promise<{ names: string; before: string | null; after: string | null }> {
  const { body } = await client.get(`/organizations?${query}`, { key });
  return { names: body.data.map((item: Json) => item.name).join(' '), ...body.list_metadata };
}

describe('the pages of a list', () => {
  it('follow each other to the end and back, though all rows are of one millisecond', async () => {
    const first = await page('limit=3');
    expect(first).toMatchObject({ names: '7 6 5', before: null });
    const second = await page(`limit=3&after=${first.after}`);
    expect(second.names).toBe('4 3 2');
    const third = await page(`limit=3&after=${second.after}`);
    expect(third).toMatchObject({ names: '1', after: null });
    const back = await page(`limit=3&before=${third.before}`);
    expect(back).toEqual(second);
    expect(await page(`limit=3&before=${back.before}`)).toEqual(first);
  });

  it('can be read oldest first', async () => {
    const first = await page('limit=4&order=asc');
    expect(first.names).toBe('1 2 3 4');
    expect(await page(`limit=4&order=asc&after=${first.after}`)).toMatchObject({
      names: '5 6 7',
      after: null,
    });
  });

  it('have their cursors exchanged under order=normal, where after asks for newer rows', async () => {
    const first = await page('limit=3&order=normal');
    expect(first).toMatchObject({ names: '7 6 5', after: null });
    const older = await page(`limit=3&order=normal&before=${first.before}`);
    expect(older.names).toBe('4 3 2');
    expect(await page(`limit=3&order=normal&after=${older.after}`)).toEqual(first);
  });

  it('lie between two cursors when both are given', async () => {
    const all = (await client.get('/organizations', { key })).body.data;
    expect(await page(`after=${all[1].id}&before=${all[5].id}`)).toMatchObject({ names: '5 4 3' });
    expect(await page(`limit=2&after=${all[1].id}&before=${all[5].id}`)).toMatchObject({ names: '5 4' });
  });

  it('neither skip nor repeat a row while others are added and the cursor itself is deleted', async () => {
    const first = await page('limit=3');
    await add(8);
    await client.delete(`/organizations/${first.after}`, { key });
    expect(await page(`limit=3&after=${first.after}`)).toMatchObject({ names: '4 3 2' });
  });

  it.each([
    'org_forged',
    'user_01HXYZ123456789ABCDEFGHJKM',
    '%00',
    "' OR 1=1 --",
    'org_ZZZZZZZZZZZZZZZZZZZZZZZZZZ',
  ])('refuse the forged cursor %s', async (cursor) => {
    for (const name of ['before', 'after']) {
      const path = `/organizations?${name}=${cursor === '%00' ? cursor : encodeURIComponent(cursor)}`;
      const reply = await client.get(path, { key });
      expect(reply.status).toBe(422);
      expect(reply.body.errors[0].field).toBe(name);
    }
  });

  it.each(['0', '101', '-1', '1.5', 'ten', '1e2', '99999999999999999999'])(
    'refuse limit=%s',
    async (limit) => {
      expect((await client.get(`/organizations?limit=${limit}`, { key })).status).toBe(422);
    },
  );
});
