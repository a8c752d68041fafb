import { randomBytes } from 'node:crypto';
import type { Home } from '../home/index.ts';
import { KosmoError } from '../support/errors.ts';
import { type Keyring, systemKeyring } from './keyring.ts';
import { keyId, newKey, parseKey, stretch } from './seal.ts';

/** Where the key is that credentials are encrypted with. */
export type KeyPlace = 'environment' | 'keyring' | 'file';

/** What the file of credentials says of its key. */
export interface KeyNote {
  readonly place: KeyPlace;
  readonly id: string;
  /** Base64; used where the key is made from words. */
  readonly salt: string;
}

export interface Key {
  readonly note: KeyNote;
  readonly bytes: Buffer;
}

const keyFile = 'key';
const shortest = 16;

/** Finds and makes the key of one home's credentials. */
export class Keys {
  readonly #home: Home;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #keyring: () => Promise<Keyring | null>;

  constructor(
    home: Home,
    environment: Readonly<Record<string, string | undefined>>,
    keyring: () => Promise<Keyring | null> = () => systemKeyring(environment),
  ) {
    this.#home = home;
    this.#environment = environment;
    this.#keyring = keyring;
  }

  /**
   * A key for credentials that are about to be written for the first time: from `KOSMO_KEY`, else one from the
   * system's keyring, else one from a file open to nobody else.
   */
  async create(): Promise<Key> {
    const salt = randomBytes(16).toString('base64');
    const words = this.#environment['KOSMO_KEY'];
    if (words !== undefined && words !== '') {
      const bytes = await keyFromWords(words, salt);
      return { note: { place: 'environment', id: keyId(bytes), salt }, bytes };
    }
    const inKeyring = await this.#createInKeyring();
    if (inKeyring !== null)
      return { note: { place: 'keyring', id: keyId(inKeyring), salt }, bytes: inKeyring };
    // A key that is there already may open a file of credentials that was put aside.
    const text = this.#home.read(keyFile);
    const bytes = (text === null ? null : parseKey(text.trim())) ?? newKey();
    if (text === null || parseKey(text.trim()) === null) {
      if (text !== null) this.#home.putAside(keyFile, new Date());
      this.#home.write(keyFile, `${bytes.toString('base64')}\n`);
    }
    return { note: { place: 'file', id: keyId(bytes), salt }, bytes };
  }

  /**
   * The key that credentials were encrypted with.
   * @throws KosmoError `credentials_locked` when it is not to be had, or another one is given
   */
  async find(note: KeyNote): Promise<Key> {
    const words = this.#environment['KOSMO_KEY'];
    if (words !== undefined && words !== '') {
      const bytes = await keyFromWords(words, note.salt);
      if (keyId(bytes) !== note.id) throw this.#wrong(note.place);
      return { note, bytes };
    }
    const bytes = await this.#stored(note.place);
    if (bytes === null || keyId(bytes) !== note.id) throw this.#missing(note.place, bytes !== null);
    return { note, bytes };
  }

  async #createInKeyring(): Promise<Buffer | null> {
    const keyring = await this.#keyring();
    if (keyring === null) return null;
    try {
      const there = await keyring.get(this.#home.path);
      const bytes = (there === null ? null : parseKey(there)) ?? newKey();
      if (there === null) await keyring.set(this.#home.path, bytes.toString('base64'));
      return bytes;
    } catch {
      // A keyring that does not take it is as good as none.
      return null;
    }
  }

  async #stored(place: KeyPlace): Promise<Buffer | null> {
    if (place === 'environment') return null;
    if (place === 'file') return parseKey(this.#home.read(keyFile)?.trim() ?? '');
    try {
      return parseKey((await (await this.#keyring())?.get(this.#home.path)) ?? '');
    } catch {
      return null;
    }
  }

  #wrong(place: KeyPlace): KosmoError {
    const opened = place === 'environment' ? 'another KOSMO_KEY' : `the key in ${this.#placeInWords(place)}`;
    return new KosmoError(
      'credentials_locked',
      `KOSMO_KEY does not open the credentials in ${this.#home.path}: they were encrypted with ${opened}. Nothing was changed.`,
      {
        hint:
          place === 'environment'
            ? 'Set KOSMO_KEY to the key they were encrypted with.'
            : 'Unset KOSMO_KEY. To have it as the key, remove the accounts and configure them again with it set.',
        details: { home: this.#home.path, key: place },
      },
    );
  }

  #missing(place: KeyPlace, isAnother: boolean): KosmoError {
    const details = { home: this.#home.path, key: place };
    if (place === 'environment') {
      return new KosmoError(
        'credentials_locked',
        `The credentials in ${this.#home.path} were encrypted with KOSMO_KEY, which is not set.`,
        { hint: 'Set KOSMO_KEY to the key they were encrypted with.', details },
      );
    }
    const what = isAnother ? 'is not the one they were encrypted with' : 'cannot be found';
    return new KosmoError(
      'credentials_locked',
      `The credentials in ${this.#home.path} cannot be opened: the key in ${this.#placeInWords(place)} ${what}.`,
      {
        hint: 'Bring the key back, or remove the accounts and configure them again.',
        details,
      },
    );
  }

  #placeInWords(place: KeyPlace): string {
    return place === 'file' ? this.#home.file(keyFile) : 'the system’s keyring';
  }
}

async function keyFromWords(words: string, salt: string): Promise<Buffer> {
  const key = parseKey(words);
  if (key !== null) return key;
  if (words.length < shortest) {
    throw new KosmoError(
      'credentials_locked',
      `KOSMO_KEY is too short to protect anything: it needs ${shortest} characters at least.`,
      { hint: 'openssl rand -base64 32 makes a good one.' },
    );
  }
  return stretch(words, salt);
}
