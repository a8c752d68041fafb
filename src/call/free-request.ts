import type { Integration } from '../catalog/index.ts';
import {
  effectOfMethod,
  freeRequestName,
  type IndexedOperation,
  type JsonSchema,
  type Operation,
  type Parameter,
} from '../manifest/index.ts';
import { type Failure, failure } from '../support/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import { type BoundArguments, bind } from './bind.ts';
import { OperationPlan, type OperationPlans } from './plan.ts';
import { validate } from './validate.ts';

/** A request by method and path, as the operation it is. */
export interface FreeRequest {
  /** What the policy judges: the operation whose path it is, else the request itself with its method's effect. */
  readonly entry: IndexedOperation;
  readonly plan: OperationPlan;
  readonly bound: BoundArguments;
  readonly headers: Readonly<Record<string, string>>;
}

/** Whether an entry is the request by method and path, not an operation of the document. */
export function isFreeRequest({ slug, span }: IndexedOperation, { name }: Integration): boolean {
  return slug === `${name}_${freeRequestName}` && span[1] === 0;
}

/**
 * Reads the arguments of `request{}`. A path that an operation has is that operation to the policy, whatever the path
 * is called by, so that no rule can be gone round; and it is authenticated and encoded as the operation is.
 */
export function freeRequest(
  plans: OperationPlans,
  integration: Integration,
  entry: IndexedOperation,
  args: JsonObject,
): FreeRequest | Failure {
  const own = plans.get(integration, entry);
  const given = bind(own, args);
  const issues = validate(own, given);
  const written = textIn(given.values['path']);
  const wanted = textIn(given.values['method']);
  const fault = issues.length > 0 ? issues.map(({ message }) => message).join('; ') : pathFault(written);
  if (fault !== null) return refused(integration, fault);
  const known = operationAt(integration, wanted, written);
  const base = known === null ? own.operation : integration.reader.operation(known);
  const query = isJsonObject(given.values['query']) ? given.values['query'] : {};
  const operation: Operation = {
    ...base,
    method: wanted,
    path: written,
    parameters: Object.entries(query).map(([name, value]) => parameterOf(name, value)),
    body: { ...(base.body ?? anyBody), required: false, schema: {}, accountDefaults: {} },
    pagination: null,
    exclusiveGroups: [],
    ...(known === null ? { effect: effectOfMethod(wanted) } : {}),
  };
  return {
    entry: known ?? { ...entry, method: wanted, path: written, effect: effectOfMethod(wanted) },
    plan: new OperationPlan(operation, integration.reader),
    bound: { values: prefixed(query), body: given.body, bodyGiven: true, issues: [] },
    headers: headersOf(given.values['headers']),
  };
}

function textIn(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

const anyBody: NonNullable<Operation['body']> = {
  required: false,
  contentType: 'application/json',
  encoding: 'json',
  schema: {} as JsonSchema,
  properties: [],
  accountDefaults: {},
};

/** A query's names are not the operation's: none of them may be taken for a credential or a body. */
const prefix = 'query:';

function parameterOf(name: string, value: JsonValue): Parameter {
  return {
    name,
    argument: prefix + name,
    alias: null,
    in: 'query',
    required: false,
    style: isJsonObject(value) ? 'deepObject' : 'form',
    explode: true,
    description: '',
    schema: {},
    accountDefault: [],
  };
}

function prefixed(query: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [prefix + name, value]));
}

function headersOf(value: JsonValue | undefined): Record<string, string> {
  const entries = Object.entries(isJsonObject(value) ? value : {});
  return Object.fromEntries(entries.map(([name, text]) => [name, textIn(text)]));
}

/** What would make another URL of a path than it seems to be; null when nothing would. */
function pathFault(path: string): string | null {
  if (/[^!$%&'()*+,./0-9:;=?@A-Z_a-z~-]/.test(path)) return 'path: it holds a sign that a path cannot hold';
  const [plain = ''] = path.split('?');
  const segments = plain.slice(1).split('/');
  if (segments.slice(0, -1).includes('')) return 'path: it has two slashes in a row';
  if (segments.some((segment) => /^(\.|%2e){1,2}$/i.test(segment)))
    return 'path: it goes up, which would be another path';
  // A slash in disguise would be one to some servers.
  if (/%2f|%5c|%00/i.test(plain)) return 'path: it holds an encoded slash';
  return null;
}

/** The operation that answers at a path: of several, the one with the longest fixed beginning. */
function operationAt(integration: Integration, method: string, path: string): IndexedOperation | null {
  const segments = segmentsOf(path.split('?')[0] ?? '');
  let best: IndexedOperation | null = null;
  let most = '';
  for (const entry of integration.reader.index.operations) {
    // HEAD is answered where GET is.
    if (entry.method !== method && !(method === 'HEAD' && entry.method === 'GET')) continue;
    const template = segmentsOf(entry.path);
    if (template.length !== segments.length || !template.every((part, at) => fits(part, segments[at] ?? '')))
      continue;
    const rank = template.map((part) => (part.includes('{') ? '0' : '1')).join('');
    if (best === null || rank > most) [best, most] = [entry, rank];
  }
  return best;
}

/** In lower case and decoded: what one server tells apart, another takes for the same. */
function segmentsOf(path: string): string[] {
  const parts = path.toLowerCase().split('/').slice(1);
  if (parts.at(-1) === '') parts.pop();
  return parts.map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
}

function fits(template: string, segment: string): boolean {
  if (!template.includes('{')) return template === segment;
  if (/^\{[^{}]*\}$/.test(template)) return segment !== '';
  const source = template
    .split(/\{[^{}]*\}/)
    .map((part) => part.replaceAll(/[^\w]/g, '\\$&'))
    .join('.+');
  return new RegExp(`^${source}$`).test(segment);
}

function refused({ name }: Integration, message: string): Failure {
  return failure('invalid_arguments', `${freeRequestName}: ${message}`, {
    hint: `It takes method, path, and as needed query, headers and body: app.integrations.${name}.request{ method = "GET", path = "/…" }`,
    details: { operation: `${name}.${freeRequestName}` },
  });
}
