import { describeValue } from '../manifest/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import { type Issue, mismatch } from './issue.ts';
import type { OperationPlan } from './plan.ts';
import { unknownKey } from './unknown-keys.ts';

/** Arguments sorted to where they go. */
export interface BoundArguments {
  /** Parameter values by argument name. */
  readonly values: JsonObject;
  /** Undefined when no body is sent. */
  body: JsonValue | undefined;
  /** Whether the caller wrote `body` out; if not, messages speak of its properties as arguments. */
  readonly bodyGiven: boolean;
  readonly issues: Issue[];
}

/**
 * Sorts an argument table: parameters by their name or alias, `body`, and properties of the body that stand beside
 * the parameters, which are moved into it. One value from two places is an issue, never a guess.
 */
export function bind(plan: OperationPlan, args: JsonObject): BoundArguments {
  if (plan.operation.body?.isArgumentTable === true) {
    return { values: {}, body: args, bodyGiven: false, issues: [] };
  }
  const values: JsonObject = {};
  const issues: Issue[] = [];
  const lifted: JsonObject = {};
  const takesBody = plan.operation.body !== null;
  const given = takesBody ? args['body'] : undefined;
  for (const [key, value] of Object.entries(args)) {
    const name = key.replaceAll('-', '_');
    // A name as it is written goes before one that only reads the same.
    const isProperty = !plan.parameters.has(key) && plan.bodyProperties.has(key);
    const parameter = isProperty ? undefined : plan.parameters.get(name);
    if (parameter !== undefined) {
      if (Object.hasOwn(values, parameter.argument)) {
        issues.push(
          twice(parameter.argument, `${parameter.argument} and ${parameter.alias} are the same argument`),
        );
      }
      values[parameter.argument] = value;
    } else if (takesBody && name === 'body') {
    } else if (plan.bodyProperties.has(key)) {
      if (isJsonObject(given) && Object.hasOwn(given, key))
        issues.push(twice(key, `${key} is in body already`));
      lifted[key] = value;
    } else {
      issues.push(unknownKey(key, key, plan.knownNames()));
    }
  }
  return { values, body: joinBody(plan, given, lifted, issues), bodyGiven: given !== undefined, issues };
}

function joinBody(
  plan: OperationPlan,
  given: JsonValue | undefined,
  lifted: JsonObject,
  issues: Issue[],
): JsonValue | undefined {
  const names = Object.keys(lifted);
  if (given === undefined)
    return names.length > 0 || plan.operation.body?.required === true ? lifted : undefined;
  if (names.length === 0) return given;
  if (isJsonObject(given)) return { ...given, ...lifted };
  issues.push(
    mismatch('body', `an object, because ${names.join(', ')} belong into it`, describeValue(given)),
  );
  return given;
}

function twice(path: string, reason: string): Issue {
  return {
    kind: 'mismatch',
    path,
    expected: 'one value',
    received: 'two',
    message: `${path}: given twice (${reason})`,
  };
}
