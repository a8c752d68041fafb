import { afterAll, expect, it } from 'vitest';
import { createRuntime } from './index.ts';

const runtime = createRuntime({ localDatabase: ':memory:', environment: {} });
afterAll(() => runtime.close());

it('a call by name is the call of a request, with the account in the name or in the settings', async () => {
  const request = { integration: 'workos', account: 'localhost', function: 'list_users', args: { limit: 1 } };
  const byRequest = await runtime.call(request);
  const byName = await runtime.call('workos.localhost.list_users', { limit: 1 });
  const bySettings = await runtime.call('workos.list_users', { limit: 1 }, { account: 'localhost' });
  for (const outcome of [byName, bySettings])
    expect(outcome).toMatchObject({ ok: true, value: byRequest.ok ? byRequest.value : null });
  expect(await runtime.call('workos.list_users', {})).toMatchObject({
    ok: false,
    error: { code: 'not_configured' },
  });
});

it('the pages of a list are read one by one', async () => {
  const request = { integration: 'workos', account: 'localhost', function: 'list_users', args: { limit: 5 } };
  const sizes: number[] = [];
  for await (const outcome of runtime.pages(request)) {
    if (!outcome.ok) throw new Error(outcome.error.message);
    sizes.push((outcome.value as { data: unknown[] }).data.length);
  }
  expect(sizes.slice(0, -1).every((size) => size === 5)).toBe(true);
  expect(sizes.length).toBeGreaterThan(1);
});
