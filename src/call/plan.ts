import type { Account } from '../accounts/index.ts';
import type { Integration } from '../catalog/index.ts';
import {
  argumentSchemaOf,
  type IndexedOperation,
  type JsonSchema,
  type ManifestReader,
  type Operation,
  type Parameter,
  requestView,
  type SchemaLookup,
} from '../manifest/index.ts';
import type { JsonObject, JsonValue } from '../support/json.ts';
import { ArgumentValidator } from './argument-validator.ts';
import { urlFields } from './base-url.ts';
import { credentialFields } from './credentials.ts';

/** The plans of the operations that were called, kept for every run of a process. */
export class OperationPlans {
  readonly #plans = new WeakMap<IndexedOperation, OperationPlan>();

  get(integration: Integration, entry: IndexedOperation): OperationPlan {
    let plan = this.#plans.get(entry);
    if (plan === undefined) {
      plan = new OperationPlan(integration.reader.operation(entry), integration.reader);
      this.#plans.set(entry, plan);
    }
    return plan;
  }
}

/** What a call needs to know of its operation, worked out once. */
export class OperationPlan {
  readonly operation: Operation;
  /** Parameters by every name a script may use. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly bodyProperties: ReadonlySet<string>;
  /** The body's schema, by itself in a list; none where there is no body. */
  readonly bodySchemas: readonly JsonSchema[];
  /** What its requests say that they take for an answer. */
  readonly accept: string;
  readonly argumentSchema: JsonSchema;
  readonly lookup: SchemaLookup;
  readonly #reader: ManifestReader;
  /** The account's fields that its URL is made of. */
  readonly #urlFields: readonly string[];
  /** The account's fields of which the first that is there fills an argument. */
  readonly #defaults: readonly (readonly string[])[];
  #validator: ArgumentValidator | null = null;

  constructor(operation: Operation, reader: ManifestReader) {
    this.operation = operation;
    this.#reader = reader;
    const views = new Map<string, JsonSchema>();
    this.lookup = (name) => {
      const view = views.get(name) ?? asRequested(reader.schema(name));
      views.set(name, view);
      return view;
    };
    this.argumentSchema = asRequested(argumentSchemaOf(operation));
    const parameters = new Map<string, Parameter>();
    for (const parameter of operation.parameters) {
      parameters.set(parameter.argument, parameter);
      if (parameter.alias !== null) parameters.set(parameter.alias, parameter);
    }
    this.parameters = parameters;
    const { body } = operation;
    this.bodyProperties = new Set(body?.properties);
    this.bodySchemas = body === null ? [] : [body.schema];
    this.accept = acceptOf(operation);
    this.#urlFields = urlFields(operation.baseUrl, reader.index.baseUrl);
    this.#defaults = [
      ...operation.parameters.map(({ accountDefault }) => accountDefault),
      ...Object.values(body?.accountDefaults ?? {}),
    ].filter((names) => names.length > 0);
  }

  /** The names an argument table may use: parameters, `body`, and the body's own properties. */
  knownNames(): string[] {
    const names = this.operation.parameters.map(({ argument }) => argument);
    return this.operation.body === null ? names : [...names, ...this.bodyProperties, 'body'];
  }

  /** The account's fields that a call may need: its credentials, and what fills arguments. */
  fieldsOf(account: Account): Set<string> {
    const fields = new Set<string>(['url', ...credentialFields(this.operation.auth, account)]);
    for (const field of this.#urlFields) fields.add(field);
    for (const names of this.#defaults) {
      const first = names.find((name) => account.has(name));
      if (first !== undefined) fields.add(first);
    }
    return fields;
  }

  /** Why nothing but the names of its arguments is checked, as far as it was called; null while all of it is. */
  get namesOnly(): string | null {
    return this.#validator?.namesOnly ?? null;
  }

  /** Whether a whole argument table fits the schema. */
  accepts(args: JsonObject): boolean {
    if (this.#validator === null) {
      const schemas = this.#reader.schemasOf(this.argumentSchema);
      const asked = Object.fromEntries(
        Object.entries(schemas).map(([name, schema]) => [name, asRequested(schema)]),
      );
      this.#validator = new ArgumentValidator({ ...this.argumentSchema, schemas: asked });
    }
    return this.#validator.accepts(withoutBigints(args));
  }
}

/** What an operation answers with: JSON first, where its document says nothing else. */
function acceptOf({ responses }: Operation): string {
  const types = responses
    .filter(({ status }) => status.startsWith('2') || status === 'default')
    .flatMap(({ contentType }) => contentType ?? []);
  const [first] = types;
  if (first === undefined || types.some((type) => /json|\*\/\*/.test(type))) return 'application/json';
  return `${first}, application/json;q=0.9, */*;q=0.1`;
}

const requestViews = new WeakMap<JsonSchema, JsonSchema>();

/** A schema as a request has to keep it: a property that only answers have is not required. */
function asRequested(schema: JsonSchema): JsonSchema {
  const known = requestViews.get(schema);
  if (known !== undefined) return known;
  const view = requestView(schema);
  requestViews.set(schema, view);
  return view;
}

/** The validator knows no bigints; rounded to a double, one is still an integer of about that size. */
function withoutBigints(value: JsonValue): JsonValue {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.some(holdsBigint) ? value.map(withoutBigints) : value;
  if (!Object.values(value).some(holdsBigint)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutBigints(inner)]));
}

function holdsBigint(value: JsonValue): boolean {
  if (typeof value === 'bigint') return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsBigint);
}
