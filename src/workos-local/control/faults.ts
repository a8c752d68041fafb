import type { IndexedOperation } from '../../manifest/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { timestamp } from '../kit/clock.ts';
import type { Environment } from '../kit/environments.ts';
import type { Fault } from '../kit/faults.ts';
import type { PageHost } from '../pages/host.ts';

/** A fault to add; it must do something: answer with a status, take its time, or break the connection. */
export interface NewFault {
  /** Any of an operation's names, or its method and path: `GET /organizations/{id}`. Left out: every operation. */
  readonly operation?: string;
  readonly status?: number;
  /** Seconds. */
  readonly retryAfter?: number;
  /** How many requests meet it; left out: all, until it is cleared. */
  readonly times?: number;
  /** Milliseconds. */
  readonly latency?: number;
  readonly drop?: 'request' | 'answer';
}

export function listFaults(host: PageHost): Fault[] {
  return host.database.all<Fault>('SELECT * FROM faults ORDER BY created_at, id');
}

/**
 * @param environment the only one in which it happens; null: all
 * @throws KosmoError `unknown_function`, `ambiguous_function` or `usage`
 */
export function addFault(host: PageHost, environment: Environment | null, fault: NewFault): Fault {
  const { status = null, retryAfter = null, times = null, latency = 0, drop = null } = fault;
  if (status === null && latency === 0 && drop === null) {
    throw new KosmoError('usage', 'A fault that does nothing was asked for.', {
      hint: 'Give a status, a latency or a drop.',
    });
  }
  if (status !== null && (!Number.isInteger(status) || status < 400 || status > 599)) {
    throw new KosmoError('usage', `${status} is no status of an error: those are 400 to 599.`);
  }
  for (const [name, value, least] of [
    ['times', times, 1],
    ['retry-after', retryAfter, 0],
    ['latency', latency, 0],
  ] as const) {
    if (value !== null && (!Number.isInteger(value) || value < least)) {
      throw new KosmoError('usage', `${name} takes a whole number from ${least}.`);
    }
  }
  const time = host.clock.now();
  const row: Fault = {
    id: host.ids.next('fault_', time),
    environment_id: environment?.id ?? null,
    operation: fault.operation === undefined ? null : operationNamed(host, fault.operation).slug,
    status,
    retry_after: retryAfter,
    latency,
    drops: drop,
    remaining: times,
    created_at: timestamp(time),
  };
  host.database.run(
    `INSERT INTO faults (id, environment_id, operation, status, retry_after, latency, drops, remaining, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      row.environment_id,
      row.operation,
      row.status,
      row.retry_after,
      row.latency,
      row.drops,
      row.remaining,
      row.created_at,
    ],
  );
  return row;
}

/**
 * @param id the one to remove; undefined: all
 * @returns how many were removed
 */
export function clearFaults(host: PageHost, id?: string): number {
  return host.database.run('DELETE FROM faults WHERE id = coalesce(?, id)', [id ?? null]);
}

function operationNamed(host: PageHost, given: string): IndexedOperation {
  const name = given
    .trim()
    .replaceAll('-', '_')
    .replace(/^workos\./, '');
  const [method = '', path = ''] = given.trim().split(/\s+/);
  const { operations } = host.manifest.index;
  const found = operations.filter(
    (operation) =>
      operation.slug === name ||
      operation.luaName === name ||
      operation.operationId === given.trim() ||
      operation.aliases.includes(name) ||
      (operation.method === method.toUpperCase() && placeholders(operation.path) === placeholders(path)),
  );
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  if (first === undefined) {
    throw new KosmoError('unknown_function', `There is no operation ${given}.`, {
      hint: 'kosmo integrations:search finds one; a method and a path name one, too: "GET /organizations/{id}".',
    });
  }
  throw new KosmoError('ambiguous_function', `${given} names several operations.`, {
    details: { functions: found.map(({ slug }) => slug) },
  });
}

/** `{id}`, `:id` and `{organizationId}` say the same. */
function placeholders(path: string): string {
  return path.replace(/\/(?:\{[^/]*\}|:[^/]+)/g, '/{}').replace(/\/$/, '');
}
