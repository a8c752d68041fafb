import { join } from 'node:path';
import { KosmoError } from '../../support/errors.ts';
import type { LocalResponse } from '../dispatch.ts';
import type { Environment } from '../kit/environments.ts';
import type { PageHost } from '../pages/host.ts';
import { type ExportedState, importState, isExportedState } from './export.ts';
import { withTemporaryFolder } from './temporary-folder.ts';
import { copyTo } from './transfer.ts';

/** One request of a seed file. */
interface Step {
  /** Where it stands in the file: `users.3`. */
  readonly where: string;
  /** The name under which later steps find what it answered. */
  readonly as: string | null;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** The sections of a seed file, in the order they are made, and what each entry is posted to. */
const sections: Readonly<Record<string, string>> = {
  permissions: '/authorization/permissions',
  roles: '/authorization/roles',
  organizations: '/organizations',
  users: '/user_management/users',
  memberships: '/user_management/organization_memberships',
  invitations: '/user_management/invitations',
};
const methods = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** What became of a seed file. */
export interface Seeded {
  /** How many requests were made of it; 0 for a whole state. */
  readonly requests: number;
}

/**
 * Loads seed data: a state that was exported, or a file of things to make in one environment. Those are made by the
 * API's own operations, first in a copy: when one is refused there, nothing is changed here.
 *
 * @param content parsed JSON
 * @throws KosmoError `seed_invalid`, which names the entry
 */
export async function loadSeed(host: PageHost, environment: Environment, content: unknown): Promise<Seeded> {
  if (isExportedState(content)) {
    importState(host, content as ExportedState);
    return { requests: 0 };
  }
  const steps = stepsOf(content);
  await withTemporaryFolder(async (folder) => {
    const copy = join(folder, 'copy.db');
    copyTo(host.database, copy);
    const { clock } = host;
    const server = host.open(copy, { now: () => clock.now() - clock.ahead });
    try {
      await make(server.host, environment, steps);
    } finally {
      server.close();
    }
  });
  await make(host, environment, steps);
  return { requests: steps.length };
}

async function make(host: PageHost, environment: Environment, steps: readonly Step[]): Promise<void> {
  const answers = new Map<string, unknown>();
  for (const { where, as, method, path, body } of steps) {
    const fill = (value: unknown) => filledIn(value, answers, where);
    const answer = await host.handle({
      method,
      path: String(fill(path)),
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(fill(body)),
      environment,
    });
    if (answer.status >= 400) throw refused(where, method, path, answer);
    if (as !== null) answers.set(as, answer.body === '' ? null : JSON.parse(answer.body));
  }
}

function refused(where: string, method: string, path: string, answer: LocalResponse): KosmoError {
  const body: unknown = JSON.parse(answer.body);
  const message = isRecord(body) && typeof body['message'] === 'string' ? body['message'] : '';
  return new KosmoError(
    'seed_invalid',
    `${where} was refused (${method} ${path}, ${answer.status}): ${message}`,
    {
      details: { where, status: answer.status, answer: body },
    },
  );
}

const reference = /\{\{\s*([\w-]+)\.([\w.-]+)\s*\}\}/g;

/** Puts in what earlier steps answered: `{{acme.id}}`. */
function filledIn(value: unknown, answers: ReadonlyMap<string, unknown>, where: string): unknown {
  if (typeof value === 'string') {
    return value.replace(reference, (whole, name: string, path: string) => {
      let found = answers.get(name);
      for (const part of path.split('.')) found = isRecord(found) ? found[part] : undefined;
      if (typeof found === 'string' || typeof found === 'number') return String(found);
      throw new KosmoError('seed_invalid', `${where}: there is nothing at ${whole} before it.`);
    });
  }
  if (Array.isArray(value)) return value.map((item) => filledIn(item, answers, where));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, filledIn(inner, answers, where)]),
  );
}

function stepsOf(content: unknown): Step[] {
  if (!isRecord(content)) throw new KosmoError('seed_invalid', 'A seed file holds a JSON object.');
  const known = [...Object.keys(sections), 'requests'];
  const unknown = Object.keys(content).find((name) => !known.includes(name) && !name.startsWith('$'));
  if (unknown !== undefined) {
    throw new KosmoError('seed_invalid', `A seed file has no section ${unknown}.`, {
      hint: `It may have ${known.join(', ')}.`,
    });
  }
  const steps: Step[] = [];
  for (const [section, path] of Object.entries(sections)) {
    entriesOf(content, section).forEach((entry, at) => {
      const { as, ...body } = entry;
      const where = `${section}.${at}`;
      steps.push({ where, as: nameOf(as, where), method: 'POST', path, body });
    });
  }
  entriesOf(content, 'requests').forEach((entry, at) => {
    steps.push(requestOf(entry, `requests.${at}`));
  });
  return steps;
}

function entriesOf(content: Record<string, unknown>, section: string): Record<string, unknown>[] {
  const entries = content[section] ?? [];
  if (!Array.isArray(entries) || !entries.every(isRecord)) {
    throw new KosmoError('seed_invalid', `${section} of a seed file is a list of objects.`);
  }
  return entries;
}

function requestOf(entry: Record<string, unknown>, where: string): Step {
  const { as, method = 'POST', path, body, ...more } = entry;
  const [odd] = Object.keys(more);
  if (typeof method !== 'string' || !methods.has(method) || typeof path !== 'string' || odd !== undefined) {
    throw new KosmoError(
      'seed_invalid',
      `${where} is no request: it has a method (${[...methods].join(', ')}), a path, and maybe body and as.`,
    );
  }
  return { where, as: nameOf(as, where), method, path, body };
}

function nameOf(as: unknown, where: string): string | null {
  if (as === undefined) return null;
  if (typeof as === 'string' && /^[\w-]+$/.test(as)) return as;
  throw new KosmoError('seed_invalid', `${where}.as is a name of letters, digits, _ and -.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
