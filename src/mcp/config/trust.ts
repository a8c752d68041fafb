import type { Home } from '../../home/index.ts';
import { isJsonObject } from '../../support/json.ts';
import { parseJson } from '../../support/parse-json.ts';
import { fingerprintOf, type ServerConfig } from './server-config.ts';

const file = 'mcp-trust.json';

/** Which servers of projects may run: by file and name, each as what it was when it was trusted. */
export class TrustStore {
  readonly #home: Home;

  constructor(home: Home) {
    this.#home = home;
  }

  /** `changed`: it was trusted as something else. */
  standing(server: ServerConfig): 'trusted' | 'untrusted' | 'changed' {
    if (server.scope === 'user') return 'trusted';
    const trusted = this.#read()[keyOf(server)];
    if (trusted === undefined) return 'untrusted';
    return trusted === fingerprintOf(server) ? 'trusted' : 'changed';
  }

  trust(server: ServerConfig): Promise<void> {
    return this.#home.lock(() => {
      const entries = { ...this.#read(), [keyOf(server)]: fingerprintOf(server) };
      this.#home.write(file, `${JSON.stringify(entries, null, 2)}\n`);
    });
  }

  #read(): Record<string, string> {
    // What cannot be read trusts nothing.
    const entries = parseJson(this.#home.read(file) ?? '');
    if (!isJsonObject(entries)) return {};
    return Object.fromEntries(
      Object.entries(entries).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  }
}

function keyOf({ file: path, name }: ServerConfig): string {
  return `${path}#${name}`;
}
