import type { Home } from '../home/index.ts';
import { KosmoError } from '../support/errors.ts';
import { isJsonObject, type JsonValue } from '../support/json.ts';
import { parseJson } from '../support/parse-json.ts';
import type { Key, KeyNote, Keys } from './keys.ts';
import { seal, unseal } from './seal.ts';

/** The file of credentials under a home: names in the open, values encrypted. */
export const credentialsFile = 'credentials.json';

const vaultVersion = 1;

/** Owner (`integrations/workos/default`) → name (`api_key`) → the encrypted value. */
type Sealed = ReadonlyMap<string, ReadonlyMap<string, string>>;

interface Contents {
  /** Null while there is nothing to encrypt. */
  readonly key: KeyNote | null;
  readonly secrets: Sealed;
}

/** Changes to make in a vault: a text is kept, null takes a secret out. */
export type SecretChanges = ReadonlyMap<string, string | null>;

/** Secrets at rest. Each is encrypted on its own and bound to its owner and name; decisions/0006 says how and why. */
export class Vault {
  readonly #home: Home;
  readonly #keys: Keys;
  #read: { readonly stamp: string | null; readonly contents: Contents } | null = null;
  #key: Key | null = null;

  constructor(home: Home, keys: Keys) {
    this.#home = home;
    this.#keys = keys;
  }

  /** What changes when the file is written anew. */
  get stamp(): string | null {
    return this.#home.stamp(credentialsFile);
  }

  /** Everybody who has secrets here. */
  owners(): readonly string[] {
    return [...this.#contents().secrets.keys()];
  }

  /** The names of an owner's secrets. No key is needed. */
  names(owner: string): readonly string[] {
    return [...(this.#contents().secrets.get(owner)?.keys() ?? [])];
  }

  /** Where the key is; null while there is none. */
  get keyNote(): KeyNote | null {
    return this.#contents().key;
  }

  /**
   * A secret in the clear; null when the owner has none of that name.
   * @throws KosmoError `credentials_locked` when the key is not to be had, `settings_invalid` when the file is damaged
   */
  async open(owner: string, name: string): Promise<string | null> {
    const { key: note, secrets } = this.#contents();
    const sealed = secrets.get(owner)?.get(name);
    if (sealed === undefined || note === null) return null;
    const key = await this.#keyFor(note);
    const text = unseal(key.bytes, placeOf(owner, name), sealed);
    if (text === null) {
      throw this.#damaged(`${owner} ${name} was changed since it was written, or came from elsewhere`);
    }
    return text;
  }

  /**
   * Makes changes for one owner and keeps them. Whoever calls it holds the home's lock.
   * @throws KosmoError as `open`, and `home_unusable`; nothing is changed then
   */
  async change(owner: string, changes: SecretChanges): Promise<void> {
    const { key: note, secrets } = this.#contents();
    const kept = new Map(secrets.get(owner));
    const others = [...secrets].filter(([name]) => name !== owner);
    const added = [...changes.values()].some((value) => value !== null);
    if (!added && ![...changes.keys()].some((name) => kept.has(name))) return;
    const key = !added ? null : note === null ? await this.#keys.create() : await this.#keyFor(note);
    for (const [name, value] of changes) {
      if (value === null) kept.delete(name);
      else if (key !== null) kept.set(name, seal(key.bytes, placeOf(owner, name), value));
    }
    const all = kept.size === 0 ? others : [...others, [owner, kept] as const];
    this.#write({ key: all.length === 0 ? null : (key?.note ?? note), secrets: new Map(all) });
    this.#key = key ?? this.#key;
  }

  async #keyFor(note: KeyNote): Promise<Key> {
    if (this.#key?.note.id !== note.id) this.#key = await this.#keys.find(note);
    return this.#key;
  }

  #write({ key, secrets }: Contents): void {
    const tree = Object.fromEntries(
      [...secrets].sort(byName).map(([owner, own]) => [owner, Object.fromEntries(own)]),
    );
    this.#home.write(
      credentialsFile,
      `${JSON.stringify({ version: vaultVersion, cipher: 'aes-256-gcm', key, secrets: tree }, null, 2)}\n`,
    );
    this.#read = null;
  }

  #contents(): Contents {
    const stamp = this.#home.stamp(credentialsFile);
    if (this.#read === null || this.#read.stamp !== stamp) {
      this.#read = { stamp, contents: this.#parse(this.#home.read(credentialsFile)) };
    }
    return this.#read.contents;
  }

  #parse(text: string | null): Contents {
    if (text === null) return { key: null, secrets: new Map() };
    const value = parseJson(text);
    if (!isJsonObject(value)) throw this.#damaged('it is not JSON');
    if (value['version'] !== vaultVersion) throw this.#damaged('a newer kosmo has written it');
    const secrets = secretsOf(value['secrets']);
    if (secrets === null) throw this.#damaged('its secrets are not as they must be');
    if (secrets.size === 0) return { key: null, secrets };
    const key = keyNoteOf(value['key']);
    if (key === null) throw this.#damaged('it does not say which key it needs');
    return { key, secrets };
  }

  #damaged(reason: string): KosmoError {
    const path = this.#home.file(credentialsFile);
    return new KosmoError('settings_invalid', `${path} is damaged: ${reason}.`, {
      hint: 'Bring back a copy of it, or run kosmo integrations:doctor --repair, which puts it aside.',
      details: { path },
    });
  }
}

function placeOf(owner: string, name: string): string {
  return `${owner}\n${name}`;
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function keyNoteOf(value: JsonValue | undefined): KeyNote | null {
  if (!isJsonObject(value)) return null;
  const { place, id, salt } = value;
  if (place !== 'environment' && place !== 'keyring' && place !== 'file') return null;
  return typeof id === 'string' && typeof salt === 'string' ? { place, id, salt } : null;
}

function secretsOf(value: JsonValue | undefined): Sealed | null {
  if (!isJsonObject(value)) return null;
  const secrets = new Map<string, Map<string, string>>();
  for (const [owner, entry] of Object.entries(value)) {
    if (!isJsonObject(entry)) return null;
    const own = new Map<string, string>();
    for (const [name, sealed] of Object.entries(entry)) {
      if (typeof sealed !== 'string') return null;
      own.set(name, sealed);
    }
    secrets.set(owner, own);
  }
  return secrets;
}
