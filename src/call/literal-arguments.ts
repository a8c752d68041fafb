import type { Integration } from '../catalog/index.ts';
import type { JsonObject } from '../support/json.ts';
import { bind } from './bind.ts';
import type { Issue } from './issue.ts';
import type { OperationPlan, OperationPlans } from './plan.ts';
import { selectOperation } from './select.ts';
import { validate } from './validate.ts';

/**
 * What is wrong with the arguments of a call that is not made, of which some are not known yet.
 * @param args null stands for what is not known
 * @param unknown paths of what is not known: `limit`, `domain_data[1].domain`; an empty one for the names themselves
 */
export function literalIssues(
  plans: OperationPlans,
  integration: Integration,
  name: string,
  args: JsonObject,
  unknown: readonly string[],
): Issue[] {
  const selected = selectOperation(integration, name, args);
  if ('code' in selected) return [];
  const plan = plans.get(integration, selected);
  const bound = bind(plan, args);
  const open = [...unknown, ...filled(plan)].map((path) => placeOf(plan, path));
  return validate(plan, bound).filter(({ kind, path }) => {
    const place = placeOf(plan, path);
    return kind === 'unknown' || !open.some((other) => within(place, other) || within(other, place));
  });
}

/** Arguments that the account may fill. */
function filled(plan: OperationPlan): string[] {
  const { parameters, body } = plan.operation;
  return [
    ...parameters.filter(({ accountDefault }) => accountDefault.length > 0).map(({ argument }) => argument),
    ...Object.keys(body?.accountDefaults ?? {}),
  ];
}

/** One spelling for a place: an alias is its parameter, and a property of the body needs no `body`. */
function placeOf(plan: OperationPlan, path: string): string {
  const place = path.replace(/^body\.?/, '');
  const [first = ''] = place.split(/[.[]/);
  return (plan.parameters.get(first)?.argument ?? first) + place.slice(first.length);
}

function within(place: string, other: string): boolean {
  return other === '' || place === other || place.startsWith(`${other}.`) || place.startsWith(`${other}[`);
}
