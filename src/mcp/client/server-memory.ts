import type {
  CacheEntry,
  CacheKey,
  DiscoverResult,
  PriorDiscovery,
  ResponseCacheStore,
} from '@modelcontextprotocol/client';
import { Home } from '../../home/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../support/json.ts';
import { parseJson } from '../../support/parse-json.ts';

/** How long it is believed that a server speaks no revision from 2026 on, in milliseconds: it may be brought up to date. */
const legacyHolds = 24 * 60 * 60 * 1000;

/**
 * What one server has said that holds beyond a run: which era of the protocol it speaks, and its lists for as long as
 * the server itself said that they hold (`ttlMs`). A server that is now another one has none of it.
 */
export class ServerMemory implements ResponseCacheStore {
  readonly #home: Home;
  readonly #file: string;
  readonly #identity: string;
  readonly #entries = new Map<string, CacheEntry>();
  #stamp = 0;
  #era: Era | null = null;
  #changed = false;

  /**
   * @param identity what makes the server this one: its command, its variables, its secrets
   */
  constructor(home: Home, server: string, identity: string) {
    this.#home = new Home(home.file('mcp-cache'));
    this.#file = `${encodeURIComponent(server)}.json`;
    this.#identity = identity;
    this.#read();
  }

  /** What need not be asked again when the server is reached; undefined when nothing is known. */
  get prior(): PriorDiscovery | undefined {
    if (this.#era === null || this.#era.until < Date.now()) return undefined;
    return this.#era.discover === null
      ? { kind: 'legacy' }
      : { kind: 'modern', discover: this.#era.discover };
  }

  /** Notes which era a server was found to speak. @param discover what it said of itself; null from an older one */
  learn(discover: DiscoverResult | null): void {
    const holds = discover === null ? legacyHolds : lifetimeOf(discover);
    this.#era = { discover, until: Date.now() + holds };
    this.#changed = true;
  }

  /** Forgets everything: the server is not what it was. */
  forget(): void {
    this.#era = null;
    this.clear();
  }

  get(key: CacheKey): CacheEntry | undefined {
    return this.#entries.get(nameOf(key));
  }

  set(key: CacheKey, entry: Omit<CacheEntry, 'stamp'>): number {
    this.#stamp += 1;
    this.#entries.set(nameOf(key), { ...entry, stamp: this.#stamp });
    this.#changed = true;
    return this.#stamp;
  }

  delete(key: CacheKey): void {
    this.#changed = this.#entries.delete(nameOf(key)) || this.#changed;
  }

  evict(method: string): void {
    for (const name of this.#entries.keys()) if (name.startsWith(`["${method}"`)) this.#entries.delete(name);
    this.#changed = true;
  }

  clear(): void {
    this.#entries.clear();
    this.#changed = true;
  }

  /** Keeps what still holds. A home that cannot be written to is no reason for a call to fail. */
  save(): void {
    if (!this.#changed) return;
    this.#changed = false;
    const now = Date.now();
    // Resources may be large, and hold whatever; lists are what a run begins with.
    const kept = [...this.#entries].filter(
      ([name, { expiresAt = 0 }]) => expiresAt > now && /^\["[a-z/]+\/list"/.test(name),
    );
    const entries = Object.fromEntries(
      kept.map(([name, { value, expiresAt, scope }]) => [name, { value, expiresAt, scope }]),
    );
    const text = JSON.stringify({ identity: this.#identity, era: this.#era, entries });
    try {
      if (this.#home.read(this.#file) !== text) this.#home.write(this.#file, text);
    } catch {
      // It is asked for again next time.
    }
  }

  #read(): void {
    let document: JsonValue | undefined;
    try {
      document = parseJson(this.#home.read(this.#file) ?? '');
    } catch {
      return;
    }
    if (!isJsonObject(document) || document['identity'] !== this.#identity) return;
    const { era, entries } = document;
    if (isJsonObject(era) && typeof era['until'] === 'number') {
      const { discover = null, until } = era;
      // The library checks it before it goes by it.
      this.#era = {
        discover: isJsonObject(discover) ? (discover as unknown as DiscoverResult) : null,
        until,
      };
    }
    if (!isJsonObject(entries)) return;
    for (const [name, entry] of Object.entries(entries)) {
      const read = isJsonObject(entry) ? entryOf(entry) : null;
      this.#stamp += 1;
      if (read !== null) this.#entries.set(name, { ...read, stamp: this.#stamp });
    }
  }
}

interface Era {
  readonly discover: DiscoverResult | null;
  /** Milliseconds since 1970. */
  readonly until: number;
}

function nameOf({ method, params = '', partition = '' }: CacheKey): string {
  return JSON.stringify([method, params, partition]);
}

function lifetimeOf(discover: DiscoverResult): number {
  const said: unknown = 'ttlMs' in discover ? discover.ttlMs : 0;
  return typeof said === 'number' ? Math.min(Math.max(said, 0), legacyHolds) : 0;
}

function entryOf({ value, expiresAt, scope }: JsonObject): Omit<CacheEntry, 'stamp'> | null {
  if (typeof value !== 'string' || typeof expiresAt !== 'number') return null;
  return { value, expiresAt, ...(scope === 'public' || scope === 'private' ? { scope } : {}) };
}
