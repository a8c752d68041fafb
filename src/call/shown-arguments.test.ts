import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../support/json.ts';
import type { CallBeginning, CallJournal } from './index.ts';
import { testKey, testRun } from './testing/pipeline.ts';
import type { Transport } from './transport.ts';

const transport: Transport = { send: async () => ({ status: 200, headers: {}, body: '{}' }) };

/** What a call's journal keeps of its arguments, and whether it was told before the call was sent. */
async function kept(name: string, args: Record<string, JsonValue>) {
  const told: (CallBeginning | 'sent' | 'settled')[] = [];
  let shown: JsonValue = null;
  const journal: CallJournal = {
    call: () => ({
      sending: (what) => told.push(what),
      settled: (_, of) => {
        told.push('settled');
        shown = of();
      },
    }),
  };
  const sending: Transport = {
    async send(request, signal) {
      told.push('sent');
      return transport.send(request, signal);
    },
  };
  await testRun(sending, { journal }).call(name, args);
  return { shown, told: told.map((step) => (typeof step === 'string' ? step : step.effect)) };
}

describe('what is kept of a call', () => {
  it('is written before it is sent, and again when it is settled', async () => {
    const { shown, told } = await kept('create_organization', { name: 'Acme' });
    expect([shown, told]).toEqual([{ name: 'Acme' }, ['write', 'sent', 'settled']]);
  });

  it('is written of a refused call too', async () => {
    expect(await kept('create_organization', { nmae: 'Acme' })).toEqual({
      shown: { nmae: 'Acme' },
      told: ['settled'],
    });
    expect(await kept('no_such_function', { password: 'x', other: 1 })).toEqual({
      shown: { password: '[redacted]', other: 1 },
      told: ['settled'],
    });
  });

  it('has no secrets: by name, wherever they stand', async () => {
    const { shown } = await kept('authenticate', {
      grant_type: 'password',
      email: 'a@b.test',
      password: 'hunter2',
    });
    expect(shown).toEqual({ grant_type: 'password', email: 'a@b.test', password: '[redacted]' });
    const nested = await kept('create_organization', {
      body: {
        name: 'Acme',
        metadata: {
          apiKey: 'abc',
          refresh_token: 'def',
          region: 'eu',
          code: 123456,
          otp: null,
          has_secret: true,
        },
      },
    });
    expect(nested.shown).toEqual({
      body: {
        name: 'Acme',
        metadata: {
          apiKey: '[redacted]',
          refresh_token: '[redacted]',
          region: 'eu',
          code: '[redacted]',
          otp: null,
          has_secret: true,
        },
      },
    });
  });

  it('has no secrets: by how they look, and none of the account’s', async () => {
    const { shown } = await kept('create_organization', {
      name: `for ${testKey} only`,
      external_id: 'ghp_0123456789abcdefghij',
      metadata: { [testKey]: 'Bearer abcdefgh12345678', note: 'eyJhbGciOiJI.eyJzdWIiOiIx.sig' },
    });
    expect(JSON.stringify(shown)).not.toMatch(/planted|ghp_|abcdefgh|eyJ/);
    expect(shown).toMatchObject({ external_id: '[redacted]' });
  });

  it('is never long', async () => {
    let deep: JsonValue = 'bottom';
    for (let level = 0; level < 50; level += 1) deep = { deep };
    const { shown } = await kept('create_organization', {
      name: 'x'.repeat(10_000),
      metadata: Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, 'v'])),
      domain_data: Array.from({ length: 100 }, () => ({ domain: 'a.test' })),
      other: deep,
    });
    const text = JSON.stringify(shown);
    expect(text.length).toBeLessThan(3_000);
    expect(text).toContain('… 9800 more characters');
    expect(text).toContain('"… 70 more"');
    expect(text).not.toContain('bottom');
  });
});
