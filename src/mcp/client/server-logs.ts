import { Home } from '../../home/index.ts';

/** What servers that ended by themselves had written to their standard error, the last time each did. */
export class ServerLogs {
  readonly #home: Home;

  constructor(home: Home) {
    this.#home = new Home(home.file('mcp-logs'));
  }

  keep(server: string, exit: string, errors: string): void {
    try {
      this.#home.write(fileOf(server), `${new Date().toISOString()} it ended (${exit})\n${errors}`);
    } catch {
      // It is for looking at afterwards: that it cannot be kept is no reason to fail.
    }
  }

  /** Null when none has ended by itself. */
  read(server: string): string | null {
    try {
      return this.#home.read(fileOf(server));
    } catch {
      return null;
    }
  }
}

function fileOf(server: string): string {
  return `${encodeURIComponent(server)}.log`;
}
