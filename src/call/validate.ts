import { describeValue, resolve, type SchemaLookup, typesOf, variantsOf } from '../manifest/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import { withinTime } from '../support/time-budget.ts';
import type { BoundArguments } from './bind.ts';
import { exclusiveGroupIssues } from './exclusive-groups.ts';
import { explain } from './explain.ts';
import { type Issue, mismatch } from './issue.ts';
import type { OperationPlan } from './plan.ts';
import { unknownKeys } from './unknown-keys.ts';

/**
 * Checks bound arguments against the operation's schema. Returns every issue; none means the call may be sent.
 * Empty tables are put right on the way: Lua has one empty table where JSON has two.
 */
export function validate(plan: OperationPlan, bound: BoundArguments): Issue[] {
  const { operation, lookup } = plan;
  for (const parameter of operation.parameters) {
    const value = bound.values[parameter.argument];
    if (value !== undefined) bound.values[parameter.argument] = settled(parameter.schema, value, lookup);
  }
  if (bound.body !== undefined && operation.body !== null) {
    bound.body = settled(operation.body.schema, bound.body, lookup);
  }
  const table: JsonObject = bound.body === undefined ? bound.values : { ...bound.values, body: bound.body };
  const groupIssues = exclusiveGroupIssues(operation.exclusiveGroups, bound);
  const issues = [...bound.issues];
  const accepted = plan.accepts(table);
  if (!accepted) {
    // What a group says of its members is better than what the schema says of one of them.
    const grouped =
      groupIssues.length === 0
        ? []
        : operation.exclusiveGroups.flatMap((group) => Object.values(group.variants).flat());
    issues.push(
      ...explained(plan, table).filter(
        ({ path }) => !grouped.some((name) => path === name || path === `body.${name}`),
      ),
    );
  }
  if (bound.body !== undefined && operation.body !== null) {
    issues.push(...unknownKeys(plan.bodySchemas, bound.body, 'body', lookup));
  }
  issues.push(...groupIssues, ...pathIssues(plan, bound));
  // The validator has the last word, also where there are no better ones than these.
  if (!accepted && issues.length === 0) {
    issues.push(mismatch('', 'arguments that fit the operation’s schema', describeValue(table)));
  }
  if (issues.length === 0) return issues;
  const worded = bound.bodyGiven ? issues : issues.map(withoutBodyPrefix);
  return worded.filter(
    (issue, index) =>
      worded.findIndex(({ path, message }) => path === issue.path && message === issue.message) === index,
  );
}

/** How long it may take to say what is wrong with a table, in milliseconds. */
const explaining = 1_000;

/** What is wrong, or nothing where it takes too long to say. */
function explained(plan: OperationPlan, table: JsonObject): readonly Issue[] {
  return withinTime(explaining, () => explain(plan.argumentSchema, table, '', plan.lookup)) ?? [];
}

/** What would make another URL of the path than the operation's. */
function pathIssues(plan: OperationPlan, bound: BoundArguments): Issue[] {
  return plan.operation.parameters.flatMap(({ in: place, argument }) => {
    const value = bound.values[argument];
    if (place !== 'path' || (value !== '' && value !== '.' && value !== '..')) return [];
    return [mismatch(argument, 'a value that can stand in a path', describeValue(value))];
  });
}

function withoutBodyPrefix(issue: Issue): Issue {
  if (!issue.path.startsWith('body.')) return issue;
  return { ...issue, path: issue.path.slice(5), message: issue.message.replace(/^body\./, '') };
}

function holdsEmptyTable(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const inner = Array.isArray(value) ? value : Object.values(value);
  return inner.length === 0 || inner.some(holdsEmptyTable);
}

/** A value whose empty tables are what fits; most have none, which one look tells. */
function settled(schema: JsonObject, value: JsonValue, lookup: SchemaLookup): JsonValue {
  return holdsEmptyTable(value) ? settleEmptyTables(schema, value, lookup) : value;
}

/** Turns `{}` into `[]` where only a list fits, and the other way round. */
function settleEmptyTables(schema: JsonObject, value: JsonValue, lookup: SchemaLookup): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  const resolved = resolve(schema, lookup);
  const parts = (['allOf', 'oneOf', 'anyOf'] as const).flatMap((keyword) =>
    variantsOf(resolved, keyword, lookup),
  );
  if (Array.isArray(value)) {
    if (value.length === 0)
      return wants(resolved, parts, 'object') && !wants(resolved, parts, 'array') ? {} : value;
    const items = [resolved, ...parts].map((part) => part['items']).find(isJsonObject);
    return items === undefined ? value : value.map((item) => settleEmptyTables(items, item, lookup));
  }
  if (Object.keys(value).length === 0) {
    return wants(resolved, parts, 'array') && !wants(resolved, parts, 'object') ? [] : value;
  }
  const settled: JsonObject = {};
  for (const [name, inner] of Object.entries(value)) {
    const property = [resolved, ...parts].map((part) => part['properties']).filter(isJsonObject);
    const known = property
      .map((properties) => (Object.hasOwn(properties, name) ? properties[name] : undefined))
      .find(isJsonObject);
    Object.defineProperty(settled, name, {
      value: known === undefined ? inner : settleEmptyTables(known, inner, lookup),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return settled;
}

function wants(schema: JsonObject, parts: readonly JsonObject[], type: string): boolean {
  return [schema, ...parts].some((part) => typesOf(part).includes(type));
}
