import { Messages, Resources, type Types } from 'scimmy';
import type { Database } from '../../sqlite/index.ts';
import type { Context } from '../kit/context.ts';
import type { DirectoryRow } from '../resources/directories/directories.table.ts';
import { entityTag, namesVersion } from './entity-tag.ts';
import { forgiving, withMissingValues } from './provider-habits.ts';
import { misfit, refusingMisfits, scimError } from './scim-error.ts';
import type { Equation, ScimKind, Versioned } from './scim-kinds.ts';
import type { ScimReply } from './scim-reply.ts';

/** How many resources a page of a list has, unless asked for fewer, and at most. */
const usualPage = 100;
export const largestPage = 200;
/** How often a change is made again because somebody else's came first. */
const mostAttempts = 5;

/** The conditions a request names: `If-Match` and `If-None-Match`. */
export interface Conditions {
  readonly ifMatch: string | null;
  readonly ifNoneMatch: string | null;
}

export interface ScimHost {
  readonly database: Database;
  readonly directory: DirectoryRow;
  /** Where the endpoint is, for the locations it names. */
  readonly location: string;
  /** The context of what is done now. */
  newContext(): Context;
}

/** What a directory's provider can do at its SCIM endpoint (RFC 7644). */
export class ScimDirectory {
  readonly #host: ScimHost;

  constructor(host: ScimHost) {
    this.#host = host;
  }

  /** @param query as it came; what is no number or filter is refused */
  list<Row extends Versioned>(kind: ScimKind<Row>, query: Readonly<Record<string, unknown>>): ScimReply {
    const asked = this.#parse(kind, query);
    const startIndex = Math.max(1, integer(query['startIndex']) ?? 1);
    const count = Math.min(largestPage, Math.max(0, integer(query['count']) ?? usualPage));
    return this.#host.database.read(() => {
      const context = this.#host.newContext();
      const equation = equationOf(asked.filter);
      const rows = kind.all(context, this.#host.directory, equation);
      const isNarrowed = equation !== null && kind.endpoint === '/Users' && isIndexed(equation);
      let found = rows.map((row) => kind.resource(context, row));
      const { filter } = asked;
      if (filter !== undefined && !isNarrowed) found = refusingMisfits(() => filter.match(found));
      const { sortBy, sortOrder } = asked.constraints ?? {};
      if (sortBy !== undefined) found = refusingMisfits(() => sorted(found, sortBy, sortOrder));
      const resources = found
        .slice(startIndex - 1, startIndex - 1 + count)
        .map((resource) => this.#served(kind, resource, asked.attributes));
      return {
        status: 200,
        body: {
          schemas: [Messages.ListResponse.id],
          totalResults: found.length,
          startIndex,
          itemsPerPage: resources.length,
          Resources: resources,
        },
      };
    });
  }

  get<Row extends Versioned>(
    kind: ScimKind<Row>,
    id: string,
    query: Readonly<Record<string, unknown>>,
    { ifNoneMatch }: Conditions,
  ): ScimReply {
    const { attributes } = this.#parse(kind, query);
    return this.#host.database.read(() => {
      const context = this.#host.newContext();
      const row = this.#find(context, kind, id);
      const headers = { etag: entityTag(row.version) };
      if (ifNoneMatch !== null && namesVersion(ifNoneMatch, row.version)) {
        return { status: 304, body: null, headers };
      }
      return { status: 200, body: this.#served(kind, kind.resource(context, row), attributes), headers };
    });
  }

  create<Row extends Versioned>(kind: ScimKind<Row>, body: unknown): ScimReply {
    const resource = this.#read(kind, body);
    return this.#host.database.write(() => {
      const context = this.#host.newContext();
      const row = kind.add(context, this.#host.directory, resource);
      return this.#written(context, kind, row, 201);
    });
  }

  replace<Row extends Versioned>(
    kind: ScimKind<Row>,
    id: string,
    body: unknown,
    { ifMatch }: Conditions,
  ): ScimReply {
    const resource = this.#read(kind, body);
    return this.#host.database.write(() => {
      const context = this.#host.newContext();
      const before = this.#find(context, kind, id);
      requireVersion(ifMatch, before.version);
      const row = kind.change(context, this.#host.directory, before, resource);
      return this.#written(context, kind, row, 200);
    });
  }

  /**
   * Applying the operations takes a moment in which others may write: what they were applied to must still be there
   * when the result is, or they are applied again.
   */
  async patch<Row extends Versioned>(
    kind: ScimKind<Row>,
    id: string,
    body: unknown,
    { ifMatch }: Conditions,
  ): Promise<ScimReply> {
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const seen = this.#host.database.read(() => {
        const context = this.#host.newContext();
        const row = this.#find(context, kind, id);
        return { version: row.version, resource: kind.resource(context, row) };
      });
      requireVersion(ifMatch, seen.version);
      const patched = await this.#patched(kind, seen.resource, body);
      const reply = this.#host.database.write(() => {
        const context = this.#host.newContext();
        const before = this.#find(context, kind, id);
        if (before.version !== seen.version) return null;
        const row = patched === null ? before : kind.change(context, this.#host.directory, before, patched);
        return this.#written(context, kind, row, 200);
      });
      if (reply !== null) return reply;
    }
    throw scimError(409, null, 'Others change this resource all the time: try again.');
  }

  remove<Row extends Versioned>(kind: ScimKind<Row>, id: string, { ifMatch }: Conditions): ScimReply {
    return this.#host.database.write(() => {
      const context = this.#host.newContext();
      const row = this.#find(context, kind, id);
      requireVersion(ifMatch, row.version);
      kind.remove(context, row);
      return { status: 204, body: null };
    });
  }

  #find<Row extends Versioned>(context: Context, kind: ScimKind<Row>, id: string): Row {
    const row = kind.find(context, this.#host.directory, id);
    if (row === null) throw scimError(404, null, `Resource ${id} not found`);
    return row;
  }

  /** A body as the schema lets it pass: what it does not know is left out, what is of a wrong type is refused. */
  #read<Row extends Versioned>(kind: ScimKind<Row>, body: unknown): object {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw scimError(400, 'invalidSyntax', 'The body must be one resource.');
    }
    return refusingMisfits(() => plain(new kind.Schema(forgiving(body) as object, 'in')));
  }

  async #patched<Row extends Versioned>(
    kind: ScimKind<Row>,
    resource: { readonly id: string },
    body: unknown,
  ): Promise<object | null> {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw scimError(400, 'invalidSyntax', 'The body must be a PatchOp message.');
    }
    const message = forgiving(body) as { Operations?: unknown };
    const operations = Array.isArray(message.Operations)
      ? withMissingValues(message.Operations, resource)
      : message.Operations;
    // The library checks the message itself: its types only say what passes.
    try {
      const patch = new Messages.PatchOp({ ...message, Operations: operations } as never);
      const target: object | undefined = await patch.apply(new kind.Schema(resource, 'out') as never);
      return target === undefined ? null : plain(new kind.Schema(target, 'in'));
    } catch (error) {
      throw misfit(error);
    }
  }

  #written<Row extends Versioned>(
    context: Context,
    kind: ScimKind<Row>,
    row: Row,
    status: 200 | 201,
  ): ScimReply {
    const resource = kind.resource(context, row);
    const headers = {
      etag: entityTag(row.version),
      ...(status === 201 ? { location: `${this.#host.location}${kind.endpoint}/${resource.id}` } : {}),
    };
    return { status, body: this.#served(kind, resource), headers };
  }

  #served<Row extends Versioned>(kind: ScimKind<Row>, resource: object, attributes?: Types.Filter): object {
    return plain(new kind.Schema(resource, 'out', `${this.#host.location}${kind.endpoint}`, attributes));
  }

  #parse<Row extends Versioned>(kind: ScimKind<Row>, query: Readonly<Record<string, unknown>>) {
    const Resource = kind.endpoint === '/Users' ? Resources.User : Resources.Group;
    const known = ['filter', 'attributes', 'excludedAttributes', 'sortBy', 'sortOrder'];
    const asked = Object.fromEntries(
      Object.entries(query).filter(([name, value]) => known.includes(name) && value !== ''),
    );
    return refusingMisfits(() => new Resource(asked as never));
  }
}

/** A filter that is one equation, which an index can answer. */
function equationOf(filter: Types.Filter | undefined): Equation | null {
  const [only, ...others] = filter ?? [];
  if (only === undefined || others.length > 0) return null;
  const [first, ...rest] = Object.entries(only);
  if (first === undefined || rest.length > 0) return null;
  const [attribute, expression] = first;
  if (!Array.isArray(expression) || expression.length !== 2) return null;
  const [operator, value]: unknown[] = expression;
  return operator === 'eq' && typeof value === 'string' ? { attribute, value } : null;
}

function isIndexed({ attribute }: Equation): boolean {
  return attribute === 'userName' || attribute === 'id';
}

function sorted<Item extends object>(items: Item[], sortBy: string, sortOrder: string | undefined): Item[] {
  const order = sortOrder === 'descending' ? 'descending' : 'ascending';
  const message = new Messages.ListResponse(items as never[], {
    sortBy,
    sortOrder: order,
    count: items.length,
  });
  return message.Resources as never[];
}

function requireVersion(ifMatch: string | null, version: number): void {
  if (ifMatch === null || namesVersion(ifMatch, version)) return;
  throw scimError(412, null, 'The resource has been changed since it was read.');
}

function integer(value: unknown): number | null {
  if (value === undefined || value === '') return null;
  const number = Number(value);
  if (!Number.isSafeInteger(number)) {
    throw scimError(400, 'invalidValue', 'startIndex and count must be whole numbers.');
  }
  return number;
}

/** The library's resources are made of getters. */
function plain(resource: object): object {
  return JSON.parse(JSON.stringify(resource)) as object;
}
