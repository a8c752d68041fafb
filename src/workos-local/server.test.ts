import { afterEach, describe, expect, it } from 'vitest';
import { failureOf } from '../support/errors.ts';
import { localAccount } from './index.ts';
import { type Listening, listen } from './server.ts';
import { LocalClient } from './testing/local-client.ts';

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listening) => listening.close()));
});

async function start(port = 0): Promise<Listening> {
  const listening = await listen(new LocalClient().server, { port });
  open.push(listening);
  return listening;
}

const headers = { authorization: `Bearer ${localAccount.apiKey}`, 'content-type': 'application/json' };

describe('the HTTP door', () => {
  it('answers as the door without a socket does', async () => {
    const { url } = await start();
    const made = await fetch(`${url}/organizations`, {
      method: 'POST',
      headers,
      body: '{"name":"Zürich 🜁"}',
    });
    expect(made.status).toBe(201);
    expect(made.headers.get('x-request-id')).toMatch(/^req_/);
    const organization = (await made.json()) as { id: string; name: string };
    expect(organization.name).toBe('Zürich 🜁');
    const gone = await fetch(`${url}/organizations/${organization.id}`, { method: 'DELETE', headers });
    expect([gone.status, await gone.text()]).toEqual([202, '']);
  });

  it('says port_in_use when the port is taken', async () => {
    const { url } = await start();
    const failure = await start(Number(new URL(url).port)).then(
      () => null,
      (error: unknown) => failureOf(error),
    );
    expect(failure?.code).toBe('port_in_use');
  });

  it('refuses a body of more than a mebibyte', async () => {
    const { url } = await start();
    const body = JSON.stringify({ name: 'x'.repeat(1024 * 1024) });
    // A server may cut the connection of somebody who goes on sending; either way nothing is made.
    const status = await fetch(`${url}/organizations`, { method: 'POST', headers, body }).then(
      (answer) => answer.status,
      () => 413,
    );
    expect(status).toBe(413);
  });
});
