import { join } from 'node:path';
import { ManifestReader } from '../manifest/index.ts';
import { KosmoError } from '../support/errors.ts';
import { productFolder } from '../support/installation.ts';
import { moveClock } from './control/clock.ts';
import { removeDns, setDns } from './control/dns.ts';
import { createEnvironment, deleteEnvironment, findEnvironment } from './control/environments.ts';
import { addFault, clearFaults } from './control/faults.ts';
import { type Impersonated, type Impersonation, impersonate } from './control/impersonate.ts';
import { clearInbox, readInbox } from './control/inbox.ts';
import { RequestLog } from './control/request-log.ts';
import { resetAll, resetEnvironment } from './control/reset.ts';
import { loadSeed } from './control/seed-file.ts';
import { type ShownRequest, shownRequest } from './control/shown-request.ts';
import { changeSettings, readSettings, type SignInSettings } from './control/sign-in-settings.ts';
import { restoreSnapshot, saveSnapshot } from './control/snapshots.ts';
import { integration, openLocalServer } from './index.ts';
import type { Environment as EnvironmentRow } from './kit/environments.ts';
import type { Mail } from './kit/inbox.ts';
import type { PageHost } from './pages/host.ts';
import { localAccount } from './seed/account.ts';
import { listen } from './server.ts';

export type { Impersonated, Impersonation } from './control/impersonate.ts';
export type { ShownRequest } from './control/shown-request.ts';
export type { SignInSettings } from './control/sign-in-settings.ts';
export type { Mail } from './kit/inbox.ts';

export interface StartOptions {
  /** The port; any free one unless given. */
  readonly port?: number;
  /** The address to listen on; 127.0.0.1 unless given. */
  readonly host?: string;
  /** A path, or `:memory:`, which is meant unless given: nothing is kept. */
  readonly database?: string;
  /** Whether an unknown `sk_test_…` key opens an empty environment of its own. */
  readonly autoEnvironments?: boolean;
}

/** Which mails are meant; all of them unless said. */
export interface MailQuery {
  /** An e-mail address, in any case. */
  readonly to?: string;
  /** `invitation`, `magic_auth`, `email_verification`, `password_reset`, … */
  readonly kind?: string;
}

/** Something that is to go wrong; it says at least one of status, latency and drop. */
export interface FaultOptions {
  /** The operation that meets it, by any name or by method and path: `GET /organizations/{id}`; all unless said. */
  readonly operation?: string;
  /** The status of the answer: 400 to 599. */
  readonly status?: number;
  /** The answer's `Retry-After`, in seconds. */
  readonly retryAfter?: number;
  /** How many requests meet it; all unless said. */
  readonly times?: number;
  /** Milliseconds before anything happens. */
  readonly latency?: number;
  /** The connection breaks: before anything is done (`request`), or in place of the answer (`answer`). */
  readonly drop?: 'request' | 'answer';
}

/** What `new WorkOS(apiKey, options)` of `@workos-inc/node` takes to talk to this server. */
export interface SdkOptions {
  readonly apiHostname: string;
  readonly port: number;
  readonly https: false;
  readonly clientId: string;
}

/** One isolated world of data, opened by its key. */
export interface LocalEnvironment {
  readonly id: string;
  readonly apiKey: string;
  readonly clientId: string;
  readonly sdkOptions: SdkOptions;
  /** What WorkOS would have sent by e-mail, oldest first. */
  inbox(query?: MailQuery): Mail[];
  /**
   * The newest mail that fits, waiting for one when there is none.
   *
   * @param timeout milliseconds; 5,000 unless given
   * @throws KosmoError `time_limit`
   */
  mail(query?: MailQuery, timeout?: number): Promise<Mail>;
  /** Throws the mails away. */
  clearInbox(): void;
  /** Makes requests in this environment fail, wait or break. The answer takes the fault away again. */
  fault(fault: FaultOptions): () => void;
  /** How users sign in here, as WorkOS's dashboard has it; the lengths are in seconds. */
  settings(): SignInSettings;
  /** Changes some of it. They count from the next request on. */
  changeSettings(changes: Partial<SignInSettings>): SignInSettings;
  /**
   * Begins a session in which somebody is in a user's place.
   *
   * @throws KosmoError `usage` without such a user, organization or redirect URI
   */
  impersonate(impersonation: Impersonation): Impersonated;
  /** Sets a TXT record, which domain verification finds. */
  setDns(name: string, text: string): void;
  removeDns(name: string): void;
  /**
   * Makes what a seed file lists, or, given what `local:export` wrote, replaces everything.
   *
   * @param content parsed JSON
   * @throws KosmoError `seed_invalid`
   */
  seed(content: unknown): Promise<void>;
  /** Empties it; the default environment gets the seed data again. */
  reset(): void;
  /** Removes it and all it holds. */
  remove(): void;
}

/** A local WorkOS server that runs. What it has of an environment is the default one, which has the seed data. */
export interface RunningLocal extends Omit<LocalEnvironment, 'remove'> {
  /** Without a slash at its end: `http://127.0.0.1:4100`. */
  readonly url: string;
  /** Makes an empty environment: one for each test, and tests never meet. */
  environment(name?: string): LocalEnvironment;
  readonly clock: {
    now(): Date;
    /** @param change milliseconds, or a duration: `11m`, `1d12h` */
    advance(change: number | string): void;
    /** Makes it this moment; it goes on from there. */
    set(time: Date | string): void;
    reset(): void;
  };
  clearFaults(): void;
  /** The last 500 requests it received, the newest first, with their answers and without their secrets. */
  requests(): ShownRequest[];
  /** Makes everything as it was at the first start. */
  resetAll(): void;
  /** Keeps the whole state under a name; for a database in a file. */
  saveSnapshot(name: string): void;
  restoreSnapshot(name: string): void;
  close(): Promise<void>;
}

/**
 * Starts a local WorkOS server in this process, for a test suite or a development server.
 *
 * @throws KosmoError `port_in_use`, `home_unusable`, `database_invalid`
 */
export async function startLocal(options: StartOptions = {}): Promise<RunningLocal> {
  const { port = 0, host: hostname = '127.0.0.1', database = ':memory:', autoEnvironments = false } = options;
  const manifest = ManifestReader.open(join(productFolder(), 'integrations', integration), integration);
  const server = openLocalServer({ database, manifest, autoEnvironments, requests: new RequestLog() });
  const { host } = server;
  const listening = await listen(server, { port, hostname }).catch((error: unknown) => {
    server.close();
    throw error;
  });
  const { url } = listening;
  const ofDefault = environmentOf(host, url, findEnvironment(host, undefined), localAccount.apiKey);
  const move = (change: string) => {
    moveClock(host, change);
  };
  return {
    ...ofDefault,
    url,
    environment(name) {
      const made = createEnvironment(host, name === undefined ? {} : { name });
      return environmentOf(host, url, made, made.api_key);
    },
    clock: {
      now: () => new Date(host.clock.now()),
      advance: (change) => move(typeof change === 'number' && change < 0 ? String(change) : `+${change}`),
      set: (time) => move(typeof time === 'string' ? time : time.toISOString()),
      reset: () => move('reset'),
    },
    clearFaults: () => {
      clearFaults(host);
    },
    requests: () => (host.requests?.all ?? []).map(shownRequest),
    resetAll: () => resetAll(host),
    saveSnapshot: (name) => {
      saveSnapshot(host, name);
    },
    restoreSnapshot: (name) => {
      restoreSnapshot(host, name);
    },
    async close() {
      await listening.close();
      server.close();
    },
  };
}

/** How often `mail` looks, in milliseconds. */
const pause = 20;

function environmentOf(host: PageHost, url: string, row: EnvironmentRow, apiKey: string): LocalEnvironment {
  const { id, client_id: clientId } = row;
  const { hostname, port } = new URL(url);
  return {
    id,
    apiKey,
    clientId,
    sdkOptions: { apiHostname: hostname, port: Number(port), https: false, clientId },
    inbox: (query = {}) => readInbox(host, row, query),
    async mail(query = {}, timeout = 5000) {
      const end = performance.now() + timeout;
      for (;;) {
        const mail = readInbox(host, row, query).at(-1);
        if (mail !== undefined) return mail;
        if (performance.now() > end) {
          const wanted = Object.values(query).join(', ') || 'anybody';
          throw new KosmoError('time_limit', `No mail came in ${timeout} ms (${wanted}).`);
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    },
    clearInbox: () => {
      clearInbox(host, row);
    },
    fault(fault) {
      const made = addFault(host, row, fault);
      return () => {
        clearFaults(host, made.id);
      };
    },
    settings: () => readSettings(host, row),
    changeSettings: (changes) => changeSettings(host, row, changes),
    impersonate: (impersonation) => impersonate(host, row, impersonation),
    setDns: (name, text) => {
      setDns(host, row, { name, text });
    },
    removeDns: (name) => {
      removeDns(host, row, name);
    },
    async seed(content) {
      await loadSeed(host, row, content);
    },
    reset: () => resetEnvironment(host, findEnvironment(host, id), true),
    remove: () => deleteEnvironment(host, row),
  };
}
