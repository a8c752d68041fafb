import { beforeEach, describe, expect, it } from 'vitest';
import { LocalClient } from '../../testing/local-client.ts';

const path = '/webhook_endpoints';
let client: LocalClient;
beforeEach(() => {
  client = new LocalClient();
});

const create = (endpoint_url: string, events: readonly string[] = ['user.created']) =>
  client.post(path, { endpoint_url, events });

describe('webhook endpoints', () => {
  it('are made enabled with a secret of their own, listed, changed and deleted', async () => {
    const { body: made } = await create('https://app.example/hooks', ['user.created', 'user.created']);
    expect(made).toMatchObject({ status: 'enabled', events: ['user.created'] });
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9]{25}$/);
    const { body: other } = await create('http://127.0.0.1:3000/hooks');
    expect(other.secret).not.toBe(made.secret);
    expect(await client.all(path)).toEqual([other, made]);
    client.clock.advance(1000);
    const change = { status: 'disabled', events: ['user.deleted'], endpoint_url: 'https://app.example/2' };
    const { body: changed } = await client.call('PATCH', `${path}/${made.id}`, { body: change });
    expect(changed).toEqual({ ...made, ...change, updated_at: changed.updated_at });
    expect(changed.updated_at > made.updated_at).toBe(true);
    client.clock.advance(1000);
    expect((await client.call('PATCH', `${path}/${made.id}`, { body: change })).body).toEqual(changed);
    expect((await client.delete(`${path}/${made.id}`)).status).toBe(204);
    expect((await client.delete(`${path}/${made.id}`)).status).toBe(404);
    expect((await client.call('PATCH', `${path}/${made.id}`, { body: {} })).status).toBe(404);
  });

  it('have a whole URL, each its own, and events that exist', async () => {
    for (const url of ['', 'hooks', '/hooks', 'ftp://app.example/', 'javascript:alert(1)']) {
      expect(await create(url)).toMatchObject({ status: 422, body: { code: 'invalid_url' } });
    }
    const { body: one } = await create('https://app.example/1');
    await create('https://app.example/2');
    const twice = { status: 409, body: { code: 'duplicate_endpoint' } };
    expect(await create('https://app.example/1')).toMatchObject(twice);
    const taken = { endpoint_url: 'https://app.example/2' };
    expect(await client.call('PATCH', `${path}/${one.id}`, { body: taken })).toMatchObject(twice);
    expect((await create('https://app.example/3', ['user.exploded'])).status).toBe(422);
  });
});
