import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../../sqlite/index.ts';
import { type Context, createContext } from '../kit/context.ts';
import { type Environment, environmentOfKey } from '../kit/environments.ts';
import { IdSource } from '../kit/ids.ts';
import { inboxOf, type Mail } from '../kit/inbox.ts';
import { SystemRandom } from '../kit/random.ts';
import { localAccount } from '../seed/account.ts';
import { LocalClient } from './local-client.ts';

/** A client whose server keeps its data in a file, for tests that look at what no operation shows. */
export class FileClient extends LocalClient {
  readonly database: Database;
  readonly #folder: string;
  readonly #random = new SystemRandom();
  readonly #ids = new IdSource(this.#random);

  private constructor(folder: string, key: string) {
    const path = join(folder, 'workos.db');
    super({ database: path, key, autoEnvironments: true });
    this.#folder = folder;
    this.database = Database.open(path);
  }

  /** @param key a new `sk_test_…` key opens an empty environment */
  static open(key: string = localAccount.apiKey): FileClient {
    return new FileClient(mkdtempSync(join(tmpdir(), 'kosmo-local-')), key);
  }

  /** What a request of this client would work with, for what no operation does. */
  context(): Context {
    const chance = { ids: this.#ids, random: this.#random };
    return createContext(this.database, this.#environment(), this.clock.now(), chance);
  }

  /** What would have gone to somebody by e-mail, oldest first. */
  mailTo(recipient: string): Mail[] {
    return inboxOf(this.database, this.#environment().id).filter((mail) => mail.recipient === recipient);
  }

  /** Does what no operation does, as the dashboard of WorkOS would: in a transaction of its own. */
  act<T>(work: (context: Context) => T): T {
    // Its ids are not counted with the server's: in moments of its own they sort as they were made.
    this.clock.advance(1);
    const context = this.context();
    this.clock.advance(1);
    return this.database.write(() => work(context));
  }

  #environment(): Environment {
    const environment = environmentOfKey(this.database, this.key);
    if (environment === null) throw new Error('No request has opened the environment yet.');
    return environment;
  }

  close(): void {
    this.database.close();
    this.server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
