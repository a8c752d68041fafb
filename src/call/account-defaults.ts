import type { Account } from '../accounts/index.ts';
import { fittingVariants, propertiesOf, resolve, variantsOf } from '../manifest/index.ts';
import { isJsonObject } from '../support/json.ts';
import type { BoundArguments } from './bind.ts';
import type { OperationPlan } from './plan.ts';

/** Fills what the caller left out and the account knows: a client id, or the key to be checked. */
export function fillFromAccount(plan: OperationPlan, bound: BoundArguments, account: Account): void {
  for (const parameter of plan.operation.parameters) {
    if (Object.hasOwn(bound.values, parameter.argument)) continue;
    const value = account.firstOf(parameter.accountDefault);
    if (value !== undefined) bound.values[parameter.argument] = value;
  }
  const defaults = Object.entries(plan.operation.body?.accountDefaults ?? {});
  if (defaults.length === 0 || !isJsonObject(bound.body)) return;
  const wanted = wantedProperties(plan, bound.body);
  const body = { ...bound.body };
  for (const [property, fields] of defaults) {
    if (Object.hasOwn(body, property) || !wanted.has(property)) continue;
    const value = account.firstOf(fields);
    if (value !== undefined) body[property] = value;
  }
  bound.body = body;
}

/** The body's properties in the variants it may be: a secret goes only where the chosen variant asks for it. */
function wantedProperties(plan: OperationPlan, body: BoundArguments['body']): Set<string> {
  const schema = resolve(plan.operation.body?.schema, plan.lookup);
  const names = Object.keys(propertiesOf(schema));
  for (const keyword of ['allOf', 'oneOf', 'anyOf'] as const) {
    const variants = variantsOf(schema, keyword, plan.lookup);
    const fitting = keyword === 'allOf' ? variants : fittingVariants(variants, body ?? null, plan.lookup);
    for (const variant of fitting) names.push(...Object.keys(propertiesOf(variant)));
  }
  return new Set(names);
}
