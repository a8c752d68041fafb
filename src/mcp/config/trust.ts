import type { Home } from '../../home/index.ts';
import { isJsonObject } from '../../support/json.ts';
import { parseJson } from '../../support/parse-json.ts';
import { fingerprintOf, type ServerConfig } from './server-config.ts';

const file = 'mcp-trust.json';

/** What stands for a server that was disabled, in place of a fingerprint. */
const disabled = 'disabled';

/** Which servers of projects may run: by file and name, each as what it was when it was trusted, or disabled. */
export class TrustStore {
  readonly #home: Home;

  constructor(home: Home) {
    this.#home = home;
  }

  /** `changed`: it was trusted as something else. `disabled`: here, or by its own file. */
  standing(server: ServerConfig): Standing {
    if (!server.enabled) return 'disabled';
    if (server.scope === 'user') return 'trusted';
    const trusted = this.#read()[keyOf(server)];
    if (trusted === undefined) return 'untrusted';
    if (trusted === disabled) return 'disabled';
    return trusted === fingerprintOf(server) ? 'trusted' : 'changed';
  }

  /** Lets a project's server run as what it is now. A user's own need not be trusted. */
  async trust(server: ServerConfig): Promise<void> {
    if (server.scope === 'user') return;
    await this.#write(server, fingerprintOf(server));
  }

  /** Keeps a project's server from running, whatever it was trusted as. */
  disable(server: ServerConfig): Promise<void> {
    return this.#write(server, disabled);
  }

  #write(server: ServerConfig, entry: string): Promise<void> {
    return this.#home.lock(() => {
      const entries = { ...this.#read(), [keyOf(server)]: entry };
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

/** Whether a server may run, and if not, why. */
export type Standing = 'trusted' | 'untrusted' | 'changed' | 'disabled';

function keyOf({ file: path, name }: ServerConfig): string {
  return `${path}#${name}`;
}
