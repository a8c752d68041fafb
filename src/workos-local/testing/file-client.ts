import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../../sqlite/index.ts';
import { environmentOfClient } from '../kit/environments.ts';
import { inboxOf, type Mail } from '../kit/inbox.ts';
import { localAccount } from '../seed/account.ts';
import { LocalClient } from './local-client.ts';

/** A client whose server keeps its data in a file, for tests that look at what no operation shows. */
export class FileClient extends LocalClient {
  readonly database: Database;
  readonly #folder: string;

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
    const environment = environmentOfClient(this.database, localAccount.clientId);
    if (environment === null) throw new Error('The environment of the local account is not there.');
    return inboxOf(this.database, environment.id).filter((mail) => mail.recipient === recipient);
  }

  close(): void {
    this.database.close();
    this.server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
