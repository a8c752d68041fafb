import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Home } from '../home/index.ts';
import { failureOf } from '../support/errors.ts';
import type { Keyring } from './keyring.ts';
import { Keys } from './keys.ts';
import { Vault } from './vault.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kosmo-vault-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const off = { KOSMO_KEYRING: 'off' };
const vaultWith = (environment: Record<string, string> = off, keyring?: Keyring) =>
  new Vault(
    new Home(folder),
    new Keys(new Home(folder), environment, ...(keyring === undefined ? [] : [async () => keyring])),
  );
const put = (vault: Vault, values: Record<string, string | null>, owner = 'integrations/workos/default') =>
  vault.change(owner, new Map(Object.entries(values)));
const open = (vault: Vault, name = 'api_key', owner = 'integrations/workos/default') =>
  vault.open(owner, name);
const refusal = async (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error('it went through');
    },
    (error: unknown) => failureOf(error),
  );
const file = () => join(folder, 'credentials.json');

describe('secrets at rest', () => {
  it('come back as they were, in another process too, and stand nowhere in the clear', async () => {
    await put(vaultWith(), { api_key: 'sk_live_1 “ü”', other: 'x' });
    expect(await open(vaultWith())).toBe('sk_live_1 “ü”');
    expect(vaultWith().names('integrations/workos/default')).toEqual(['api_key', 'other']);
    for (const name of readdirSync(folder)) {
      expect(readFileSync(join(folder, name), 'utf8')).not.toContain('sk_live');
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
  });

  it('are encrypted anew each time, so that equal secrets do not look equal', async () => {
    const vault = vaultWith();
    await put(vault, { a: 'same', b: 'same' });
    const { secrets } = JSON.parse(readFileSync(file(), 'utf8'));
    expect(secrets['integrations/workos/default'].a).not.toBe(secrets['integrations/workos/default'].b);
  });

  it('do not open at another place: nobody can put one account’s key into another', async () => {
    await put(vaultWith(), { api_key: 'sk_live' });
    await put(vaultWith(), { api_key: 'sk_test' }, 'integrations/workos/test');
    const content = JSON.parse(readFileSync(file(), 'utf8'));
    content.secrets['integrations/workos/test'] = content.secrets['integrations/workos/default'];
    writeFileSync(file(), JSON.stringify(content));
    expect(await open(vaultWith())).toBe('sk_live');
    const error = await refusal(open(vaultWith(), 'api_key', 'integrations/workos/test'));
    expect(error).toMatchObject({ code: 'settings_invalid' });
    expect(error.message).not.toContain('sk_');
  });

  it('are refused when a bit of them was changed', async () => {
    await put(vaultWith(), { api_key: 'sk_live' });
    const content = JSON.parse(readFileSync(file(), 'utf8'));
    const sealed = Buffer.from(content.secrets['integrations/workos/default'].api_key, 'base64');
    for (let at = 0; at < sealed.length; at += 5) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      content.secrets['integrations/workos/default'].api_key = changed.toString('base64');
      writeFileSync(file(), JSON.stringify(content));
      expect((await refusal(open(vaultWith()))).code).toBe('settings_invalid');
    }
  });

  it.each([
    ['no JSON', '{ "version": 1,'],
    ['another shape', '{ "version": 1, "secrets": [] }'],
    ['a newer version', '{ "version": 2, "secrets": {} }'],
    ['no key', '{ "version": 1, "secrets": { "a": { "b": "c" } } }'],
  ])('in a file with %s are not read, and not written over', async (_, text) => {
    writeFileSync(file(), text);
    expect(await refusal(open(vaultWith()))).toMatchObject({
      code: 'settings_invalid',
      details: { path: file() },
    });
    expect((await refusal(put(vaultWith(), { api_key: 'x' }))).code).toBe('settings_invalid');
    expect(readFileSync(file(), 'utf8')).toBe(text);
  });
});

describe('the key', () => {
  it.each([
    ['hex', 'ab'.repeat(32)],
    ['base64', Buffer.alloc(32, 7).toString('base64')],
    ['words', 'correct horse battery staple'],
  ])('can be given as KOSMO_KEY in %s, and nothing of it is written', async (_, key) => {
    const environment = { ...off, KOSMO_KEY: key };
    await put(vaultWith(environment), { api_key: 'sk_live' });
    expect(await open(vaultWith(environment))).toBe('sk_live');
    expect(readdirSync(folder)).toEqual(['credentials.json']);
    expect(readFileSync(file(), 'utf8')).not.toContain(key);
  });

  it('that is another opens nothing and changes nothing', async () => {
    await put(vaultWith({ ...off, KOSMO_KEY: 'ab'.repeat(32) }), { api_key: 'sk_live' });
    const before = readFileSync(file(), 'utf8');
    for (const environment of [{ ...off, KOSMO_KEY: 'cd'.repeat(32) }, { ...off, KOSMO_KEY: 'x' }, off]) {
      for (const work of [
        () => open(vaultWith(environment)),
        () => put(vaultWith(environment), { more: 'x' }),
      ]) {
        const error = await refusal(work());
        expect(error.code).toBe('credentials_locked');
        expect(error.message).toContain('KOSMO_KEY');
      }
    }
    expect(readFileSync(file(), 'utf8')).toBe(before);
  });

  it('in a file that went missing, or is another, is named', async () => {
    await put(vaultWith(), { api_key: 'sk_live' });
    writeFileSync(join(folder, 'key'), `${Buffer.alloc(32, 1).toString('base64')}\n`);
    expect((await refusal(open(vaultWith()))).message).toContain(join(folder, 'key'));
    rmSync(join(folder, 'key'));
    expect((await refusal(open(vaultWith()))).message).toContain('cannot be found');
  });

  it('lies in the system’s keyring where there is one, and then in no file', async () => {
    const kept = new Map<string, string>();
    const keyring: Keyring = {
      get: async (name) => kept.get(name) ?? null,
      set: async (name, secret) => void kept.set(name, secret),
    };
    await put(vaultWith({}, keyring), { api_key: 'sk_live' });
    expect(await open(vaultWith({}, keyring))).toBe('sk_live');
    expect(readdirSync(folder)).toEqual(['credentials.json']);
    expect([...kept.keys()]).toEqual([folder]);
    const gone: Keyring = { get: async () => null, set: async () => undefined };
    expect((await refusal(open(vaultWith({}, gone)))).message).toContain('keyring');
  });

  it('lies in a file where the keyring fails', async () => {
    const broken: Keyring = {
      get: () => Promise.reject(new Error('locked')),
      set: () => Promise.reject(new Error('locked')),
    };
    await put(vaultWith({}, broken), { api_key: 'sk_live' });
    expect(await open(vaultWith({}, broken))).toBe('sk_live');
    expect(readdirSync(folder).sort()).toEqual(['credentials.json', 'key']);
  });

  it('can be another once every secret is gone', async () => {
    await put(vaultWith(), { api_key: 'sk_live' });
    await put(vaultWith(), { api_key: null });
    const environment = { ...off, KOSMO_KEY: 'ab'.repeat(32) };
    await put(vaultWith(environment), { api_key: 'sk_2' });
    expect(await open(vaultWith(environment))).toBe('sk_2');
  });

  it('that cannot be written leaves nothing behind', async () => {
    if (process.getuid?.() === 0) return;
    chmodSync(folder, 0o500);
    expect((await refusal(put(vaultWith(), { api_key: 'x' }))).code).toBe('home_unusable');
    chmodSync(folder, 0o700);
    expect(readdirSync(folder)).toEqual([]);
  });
});
