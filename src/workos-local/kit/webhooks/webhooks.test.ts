import { WorkOS } from '@workos-inc/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listen } from '../../server.ts';
import { FileClient } from '../../testing/file-client.ts';
import { type Json, LocalClient } from '../../testing/local-client.ts';
import { Receiver } from '../../testing/receiver.ts';
import { day, minute, second } from '../clock.ts';
import { type Delivery, listDeliveries, redeliver } from './index.ts';
import { waitAfter } from './schedule.ts';

let client: FileClient;
let receiver: Receiver;
beforeEach(async () => {
  client = FileClient.open('sk_test_webhooks');
  receiver = await Receiver.open();
});
afterEach(async () => {
  client.close();
  await receiver.close();
});

async function subscribe(events: readonly string[], path = '/'): Promise<Json> {
  const reply = await client.post('/webhook_endpoints', { endpoint_url: receiver.url(path), events });
  expect(reply.status).toBe(201);
  return reply.body;
}

const organization = async (name = 'Northwind') => (await client.post('/organizations', { name })).body;
const deliver = () => client.server.webhooks.deliverDue();
const deliveries = (): Delivery[] => listDeliveries(client.database, client.context().environment.id);

describe('an event', () => {
  it('is sent, signed, to each enabled endpoint that asked for its kind, in order', async () => {
    const endpoint = await subscribe(['organization.created', 'organization.deleted'], '/one');
    await subscribe(['organization.updated'], '/two');
    const disabled = await subscribe(['organization.created'], '/three');
    await client.call('PATCH', `/webhook_endpoints/${disabled.id}`, { body: { status: 'disabled' } });
    const made = await organization();
    await client.put(`/organizations/${made.id}`, { name: 'Southwind' });
    await client.delete(`/organizations/${made.id}`);
    expect(await deliver()).toBe(3);
    expect(await deliver()).toBe(0);
    expect(receiver.names('/one')).toEqual(['organization.created', 'organization.deleted']);
    expect(receiver.names('/two')).toEqual(['organization.updated']);
    expect(receiver.names('/three')).toEqual([]);
    const [first] = receiver.received.filter(({ path }) => path === '/one');
    const [event] = await client.all('/events?events=organization.created');
    expect(first?.event).toEqual(event);
    const { webhooks } = new WorkOS('sk_test_webhooks', { clientId: 'client' });
    const header = String(first?.headers['workos-signature']);
    expect(header).toMatch(/^t=\d{13}, v1=[0-9a-f]{64}$/);
    const signed = { payload: first?.text ?? '', sigHeader: header, secret: endpoint.secret };
    expect(await webhooks.verifyHeader(signed)).toBe(true);
    expect(await webhooks.constructEvent(signed)).toMatchObject({
      id: event.id,
      event: 'organization.created',
      data: { id: made.id, name: 'Northwind' },
    });
    await expect(webhooks.verifyHeader({ ...signed, secret: 'whsec_other' })).rejects.toThrow();
    await expect(webhooks.verifyHeader({ ...signed, payload: `${first?.text} ` })).rejects.toThrow();
  });

  it('whose request came to nothing is not sent, as it did not happen', async () => {
    await subscribe(['organization.created']);
    const reply = await client.post('/organizations', { name: 'X', metadata: { ключ: 'x' } });
    expect(reply.status).toBe(400);
    expect(deliveries()).toEqual([]);
  });

  it('of another environment is not sent', async () => {
    await subscribe(['organization.created']);
    await client.post('/organizations', { name: 'Other' }, { key: 'sk_test_another' });
    expect(deliveries()).toEqual([]);
  });
});

describe('a delivery that fails', () => {
  it('is tried again six times with growing waits within three days, each attempt kept, then given up', async () => {
    await subscribe(['organization.created']);
    receiver.answers = () => 500;
    await organization();
    const begin = client.clock.now();
    for (let attempt = 1; attempt <= 7; attempt += 1) {
      expect(await deliver()).toBe(1);
      expect(await deliver()).toBe(0);
      const [delivery] = deliveries();
      expect(delivery?.attempts).toHaveLength(attempt);
      if (attempt < 7) client.clock.advance(Date.parse(delivery?.next_attempt_at ?? '') - client.clock.now());
    }
    expect(client.clock.now() - begin).toBeGreaterThan(2 * day);
    expect(client.clock.now() - begin).toBeLessThanOrEqual(3 * day);
    client.clock.advance(30 * day);
    expect(await deliver()).toBe(0);
    const [delivery] = deliveries();
    expect(delivery).toMatchObject({ state: 'failed', next_attempt_at: null, event: 'organization.created' });
    expect(delivery?.attempts.at(-1)).toMatchObject({
      number: 7,
      status: 500,
      error: 'The endpoint answered 500.',
      response: 'answer 500',
    });
    const signatures = receiver.received.map(({ headers }) => headers['workos-signature']);
    expect([receiver.received.length, new Set(receiver.received.map(({ text }) => text)).size]).toEqual([
      7, 1,
    ]);
    expect(signatures).toHaveLength(7);
  });

  it('arrives when the endpoint is back, and holds up no other endpoint', async () => {
    await subscribe(['organization.created'], '/down');
    await subscribe(['organization.created'], '/up');
    receiver.answers = (path) => (path === '/down' ? 302 : 204);
    await organization();
    await deliver();
    expect(deliveries().map(({ state, attempts }) => [state, attempts[0]?.status])).toEqual(
      expect.arrayContaining([
        ['pending', 302],
        ['delivered', 204],
      ]),
    );
    receiver.answers = () => 200;
    client.clock.advance(3 * minute);
    await deliver();
    expect(deliveries().map(({ state }) => state)).toEqual(['delivered', 'delivered']);
    expect(receiver.names('/down')).toHaveLength(2);
  });

  it('says why when nobody answers', async () => {
    const reply = await client.post('/webhook_endpoints', {
      endpoint_url: 'http://127.0.0.1:1/hooks',
      events: ['organization.created'],
    });
    expect(reply.status).toBe(201);
    await organization();
    await deliver();
    const [attempt] = deliveries()[0]?.attempts ?? [];
    expect(attempt).toMatchObject({ status: null, response: null });
    expect(attempt?.error).toContain('ECONNREFUSED');
  });

  it('waits for a disabled endpoint, and goes with a deleted one', async () => {
    const endpoint = await subscribe(['organization.created']);
    await organization();
    const at = `/webhook_endpoints/${endpoint.id}`;
    await client.call('PATCH', at, { body: { status: 'disabled' } });
    expect(await deliver()).toBe(0);
    await client.call('PATCH', at, { body: { status: 'enabled' } });
    expect(await deliver()).toBe(1);
    await client.delete(at);
    expect(deliveries()).toEqual([]);
  });
});

describe('the waits between attempts', () => {
  it('grow, are six, and end within three days', () => {
    const waits = [1, 2, 3, 4, 5, 6].map(waitAfter);
    expect(waits.every((wait, at) => at === 0 || Number(wait) > Number(waits[at - 1]))).toBe(true);
    expect(waits.reduce<number>((sum, wait) => sum + Number(wait), 0)).toBeLessThanOrEqual(3 * day);
    expect(waitAfter(7)).toBeNull();
  });
});

describe('deliveries', () => {
  it('can be repeated, as ones of their own', async () => {
    await subscribe(['organization.created']);
    await organization();
    await deliver();
    const [first] = deliveries();
    client.clock.advance(1000);
    const again = client.database.write(() => redeliver(client.context(), first?.id ?? ''));
    await deliver();
    expect(receiver.received[1]?.text).toBe(receiver.received[0]?.text);
    expect(deliveries().map(({ id, state }) => [id, state])).toEqual([
      [again, 'delivered'],
      [first?.id, 'delivered'],
    ]);
    expect(() => redeliver(client.context(), 'webhook_delivery_x')).toThrow('not found');
  });

  it('outlive the process: another one sends what is queued', async () => {
    await subscribe(['organization.created']);
    await organization();
    const next = new LocalClient({ database: client.database.path, clock: client.clock });
    expect(await next.server.webhooks.deliverDue()).toBe(1);
    expect(receiver.names()).toEqual(['organization.created']);
    next.server.close();
  });

  it('are sent once though two processes share the file', async () => {
    await subscribe(['organization.created']);
    for (let number = 0; number < 30; number += 1) await organization(`O${number}`);
    const other = new LocalClient({ database: client.database.path, clock: client.clock });
    const counts = await Promise.all([deliver(), other.server.webhooks.deliverDue()]);
    expect(counts[0] + counts[1]).toBe(30);
    const ids = receiver.received.map(({ event }) => event.id);
    expect([ids.length, new Set(ids).size]).toEqual([30, 30]);
    other.server.close();
  });

  it('that a process took with it when it ended are sent once its lease is over', async () => {
    await subscribe(['organization.created']);
    await organization();
    const machine = { time: Date.now(), now: () => machine.time };
    const database = client.database.path;
    const next = new LocalClient({ database, clock: client.clock, machine });
    // As a process leaves it that is killed while it waits for the answer.
    client.database.run('UPDATE webhook_deliveries SET leased_until = ?', [machine.time + 20 * second]);
    expect(await next.server.webhooks.deliverDue()).toBe(0);
    machine.time += 20 * second;
    expect(await next.server.webhooks.deliverDue()).toBe(1);
    next.server.close();
  });

  it('are not waited for by a process that ends: an answer that does not come leaves them queued', async () => {
    await subscribe(['organization.created']);
    receiver.answers = () => null;
    await organization();
    await client.server.webhooks.deliverWithin(50);
    const [delivery] = deliveries();
    expect(delivery).toMatchObject({ state: 'pending', attempts: [] });
    receiver.answers = () => 200;
    await client.server.webhooks.deliverWithin(10_000);
    expect(deliveries()[0]?.state).toBe('delivered');
  });
});

it('a server with a socket sends by itself, what was queued before and what comes', async () => {
  await subscribe(['organization.created', 'organization.updated']);
  const made = await organization();
  const listening = await listen(client.server, { port: 0 });
  await receiver.until(1);
  await client.put(`/organizations/${made.id}`, { name: 'Southwind' });
  await receiver.until(2);
  expect(receiver.names()).toEqual(['organization.created', 'organization.updated']);
  await listening.close();
  expect(deliveries().map(({ state }) => state)).toEqual(['delivered', 'delivered']);
});
