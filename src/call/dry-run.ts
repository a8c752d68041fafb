import {
  type Effect,
  exampleOf,
  hasType,
  type JsonSchema,
  type Operation,
  partsOf,
  propertiesOf,
  resolve,
  type SchemaLookup,
  typesOf,
} from '../manifest/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import { bind } from './bind.ts';
import type { OperationPlan } from './plan.ts';
import type { WireRequest } from './transport.ts';
import type { ShownRequest } from './wire.ts';

/** A call that a dry run did not send. */
export interface PlannedCall {
  /** Full name with its integration. */
  readonly function: string;
  readonly account: string;
  readonly effect: Effect;
  /** The request as it would go out, with secrets taken out. */
  readonly request: ShownRequest;
}

/** A call that is about to be sent. */
interface Call {
  readonly plan: OperationPlan;
  /** What the caller gave; what the account fills in is none of its business. */
  readonly args: JsonObject;
  readonly wire: WireRequest;
  readonly planned: PlannedCall;
}

/**
 * A run that sends nothing that would change something. Reads are made as ever; a write is planned, and its caller
 * gets a value in the shape of the answer, whose ids read `planned_1`, `planned_2`, …. What carries such an id can
 * only be planned too, since nothing of that id is there.
 */
export class DryRun {
  readonly planned: PlannedCall[] = [];
  readonly #everything: boolean;
  #ids = 0;

  /** @param holdBack `writes`: reads are made. `everything`: nothing is sent, and a call's value is its request */
  constructor(holdBack: 'writes' | 'everything') {
    this.#everything = holdBack === 'everything';
  }

  /** The value that stands for the answer of a call; undefined for a call that is to be sent. */
  plan(call: Call): JsonValue | undefined {
    const { wire, planned } = call;
    if (!this.#everything && planned.effect === 'read' && !this.#carriesPlannedId(wire)) return undefined;
    this.planned.push(planned);
    return this.#everything ? { ...planned.request } : this.#answerOf(call);
  }

  #carriesPlannedId({ url, body }: WireRequest): boolean {
    const found = `${url}\n${typeof body === 'string' ? body : ''}`.matchAll(
      /(?<![A-Za-z0-9_])planned_(\d+)(?![A-Za-z0-9_])/g,
    );
    return [...found].some(([, number]) => Number(number) <= this.#ids);
  }

  #answerOf({ plan, args, planned }: Call): JsonValue {
    const { operation, lookup } = plan;
    const promised = operation.responses.find(({ status }) => /^[23]/.test(status));
    if (promised?.status.startsWith('3') === true) return { url: planned.request.url };
    if (promised?.schema === undefined || promised.schema === null) return null;
    const given = givenNames(plan, args, promised.status);
    const value = this.#settle(exampleOf(promised.schema, lookup), promised.schema, given, lookup, 0);
    return withoutPages(operation, value);
  }

  /** An example made into an answer: what the caller gave is in it, and ids are planned ones. */
  #settle(
    value: JsonValue,
    schema: JsonSchema,
    given: JsonObject,
    lookup: SchemaLookup,
    depth: number,
  ): JsonValue {
    const resolved = resolve(schema, lookup);
    if (Array.isArray(value)) {
      const { items } = resolved;
      return value.map((item) =>
        this.#settle(item, isJsonObject(items) ? items : {}, given, lookup, depth + 1),
      );
    }
    if (!isJsonObject(value)) return value;
    const properties: Record<string, JsonValue> = {};
    for (const part of partsOf(resolved, lookup)) Object.assign(properties, propertiesOf(part));
    const names = new Set([...Object.keys(value), ...(depth === 0 ? Object.keys(given) : [])]);
    const settled: [string, JsonValue][] = [];
    for (const name of names) {
      const known = properties[name];
      const property = isJsonObject(known) ? known : {};
      if (echoes(name, given, property, lookup, depth)) settled.push([name, given[name] ?? null]);
      else if (Object.hasOwn(value, name)) {
        settled.push([name, this.#field(name, value[name] ?? null, property, given, lookup, depth)]);
      }
    }
    return Object.fromEntries(settled);
  }

  #field(
    name: string,
    value: JsonValue,
    property: JsonSchema,
    given: JsonObject,
    lookup: SchemaLookup,
    depth: number,
  ): JsonValue {
    if (typeof value === 'string' && /^(id|token)$|_(id|token)$/.test(name)) {
      const nullable = typesOf(resolve(property, lookup)).includes('null');
      return nullable ? null : this.#nextId();
    }
    if (name.endsWith('_ids') && Array.isArray(value)) return [];
    return this.#settle(value, property, given, lookup, depth + 1);
  }

  #nextId(): string {
    this.#ids += 1;
    return `planned_${this.#ids}`;
  }
}

/** What the caller gave, by the names an answer would call it. The id of what is made is never among it. */
function givenNames(plan: OperationPlan, args: JsonObject, status: string): JsonObject {
  const { values, body } = bind(plan, args);
  const given = { ...values, ...(isJsonObject(body) ? body : {}) };
  if (status === '201') delete given['id'];
  return given;
}

/** Whether an answer would say what the caller gave under that name: anything at its top, ids anywhere. */
function echoes(
  name: string,
  given: JsonObject,
  property: JsonSchema,
  lookup: SchemaLookup,
  depth: number,
): boolean {
  const value = Object.hasOwn(given, name) ? given[name] : undefined;
  if (value === undefined || Object.keys(property).length === 0) return false;
  if (depth > 0 && !name.endsWith('_id')) return false;
  const types = typesOf(resolve(property, lookup));
  // A list or an object of an answer holds more than what was given to make it.
  return types.some((type) => type !== 'array' && type !== 'object' && hasType(value, type));
}

/** Nothing is on a list of what is not there, and it has no next page. */
function withoutPages({ pagination }: Operation, value: JsonValue): JsonValue {
  if (pagination === null) return value;
  const emptied = put(value, pagination.items, []);
  return pagination.style === 'cursor' ? put(emptied, pagination.next, null) : emptied;
}

/** A copy of a value with another one at a dotted path; the empty path is the value itself. */
function put(value: JsonValue, path: string, inner: JsonValue): JsonValue {
  if (path === '') return inner;
  const [step = '', ...rest] = path.split('.');
  const object = isJsonObject(value) ? value : {};
  return { ...object, [step]: put(object[step] ?? null, rest.join('.'), inner) };
}
