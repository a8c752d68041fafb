import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject } from '../../support/json.ts';
import { parseJson } from '../../support/parse-json.ts';
import { fingerprintOf, type ServerConfig } from './server-config.ts';

/** Which servers of projects may run: by file and name, each as what it was when it was trusted. */
export class TrustStore {
  readonly #file: string;

  constructor(home: string) {
    this.#file = join(home, 'mcp-trust.json');
  }

  /** `changed`: it was trusted as something else. */
  standing(server: ServerConfig): 'trusted' | 'untrusted' | 'changed' {
    if (server.scope === 'user') return 'trusted';
    const trusted = this.#read()[keyOf(server)];
    if (trusted === undefined) return 'untrusted';
    return trusted === fingerprintOf(server) ? 'trusted' : 'changed';
  }

  trust(server: ServerConfig): void {
    this.#write({ ...this.#read(), [keyOf(server)]: fingerprintOf(server) });
  }

  #read(): Record<string, string> {
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch {
      return {};
    }
    // What cannot be read trusts nothing.
    const entries = parseJson(text);
    if (!isJsonObject(entries)) return {};
    return Object.fromEntries(
      Object.entries(entries).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  }

  #write(entries: Record<string, string>): void {
    mkdirSync(join(this.#file, '..'), { recursive: true, mode: 0o700 });
    const draft = `${this.#file}.${process.pid}.tmp`;
    writeFileSync(draft, `${JSON.stringify(entries, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, this.#file);
  }
}

function keyOf({ file, name }: ServerConfig): string {
  return `${file}#${name}`;
}
