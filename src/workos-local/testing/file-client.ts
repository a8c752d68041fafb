import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../../sqlite/index.ts';
import { type Context, createContext } from '../kit/context.ts';
import { type Environment, environmentOfClient } from '../kit/environments.ts';
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

  private constructor(folder: string) {
    const path = join(folder, 'workos.db');
    super({ database: path });
    this.#folder = folder;
    this.database = Database.open(path);
  }

  static open(): FileClient {
    return new FileClient(mkdtempSync(join(tmpdir(), 'kosmo-local-')));
  }

  /** What would have gone to somebody by e-mail, oldest first. */
  mailTo(recipient: string): Mail[] {
    return inboxOf(this.database, this.#environment().id).filter((mail) => mail.recipient === recipient);
  }

  /** Does what no operation does, as the dashboard of WorkOS would: in a transaction of its own. */
  act<T>(work: (context: Context) => T): T {
    const chance = { ids: this.#ids, random: this.#random };
    // Its ids are not counted with the server's: in moments of its own they sort as they were made.
    this.clock.advance(1);
    const context = createContext(this.database, this.#environment(), this.clock.now(), chance);
    this.clock.advance(1);
    return this.database.write(() => work(context));
  }

  #environment(): Environment {
    const environment = environmentOfClient(this.database, localAccount.clientId);
    if (environment === null) throw new Error('The environment of the local account is not there.');
    return environment;
  }

  close(): void {
    this.database.close();
    this.server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
