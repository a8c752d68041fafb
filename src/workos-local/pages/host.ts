import type { Hono } from 'hono';
import type { ManifestReader } from '../../manifest/index.ts';
import type { Database } from '../../sqlite/index.ts';
import type { RequestLog } from '../control/request-log.ts';
import type { LocalRequest, LocalResponse } from '../dispatch.ts';
import type { Clock } from '../kit/clock.ts';
import type { Ids } from '../kit/ids.ts';
import type { MovableClock } from '../kit/movable-clock.ts';
import type { Random } from '../kit/random.ts';
import type { Form } from './form.ts';

/** What the server's own pages work with. `contextOf` (context-of.ts) makes of it what a handler's functions take. */
export interface PageHost {
  readonly database: Database;
  readonly manifest: ManifestReader;
  readonly clock: MovableClock;
  readonly random: Random;
  readonly ids: Ids;
  /** Where the server is for who does not say how it is reached: a call in process. */
  readonly baseUrl: string;
  /** The requests received; null when they are not kept. */
  readonly requests: RequestLog | null;
  /** The server's front door, for a page that does what an operation of the API does. */
  handle(request: LocalRequest): Promise<LocalResponse>;
  /** Opens the same server on another database, to try out there what is then done here. */
  open(database: string, clock: Clock): { readonly host: PageHost; close(): void };
}

/** What every page knows of the request it answers; Hono's `c.env`. */
export interface Visit {
  /** Where the visitor reaches the server, without a slash at its end: `http://localhost:4100`. */
  readonly baseUrl: string;
  /** Whether the visitor is on another machine. */
  readonly isRemote: boolean;
  readonly requestId: string;
}

/** A line shown once, on the page that comes after a form. */
export interface Flash {
  readonly kind: 'done' | 'failed';
  readonly text: string;
}

/** What `createPageApp` prepares for each request; Hono's `c.var`. Areas without pages do without. */
export interface Prepared {
  /** What a form's `csrfField` holds. */
  csrf: string;
  /** The fields that were posted; empty on a GET. Their CSRF token has been checked. */
  form: Form;
  flash: Flash | null;
}

export interface AreaEnv {
  Bindings: Visit;
}

export interface PageEnv extends AreaEnv {
  Variables: Prepared;
}

/**
 * A part of the server that the WorkOS document does not describe: pages, a SCIM endpoint. Its routes are whole
 * paths, its prefix included.
 */
export type Area = Hono<AreaEnv> | Hono<PageEnv>;
export type CreateArea = (host: PageHost) => Area;
