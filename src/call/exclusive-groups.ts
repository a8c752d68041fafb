import type { ExclusiveGroup } from '../manifest/index.ts';
import { isJsonObject } from '../support/json.ts';
import type { BoundArguments } from './bind.ts';
import type { Issue } from './issue.ts';

/** Checks the groups of which one variant may be given: a resource by its id, or by its external id and type. */
export function exclusiveGroupIssues(groups: readonly ExclusiveGroup[], bound: BoundArguments): Issue[] {
  return groups.flatMap((group) => {
    const place = group.in === 'body' ? bound.body : bound.values;
    const present = isJsonObject(place) ? (name: string) => Object.hasOwn(place, name) : () => false;
    const variants = Object.values(group.variants);
    const begun = variants.filter((names) => names.some(present));
    const expected = variants.map((names) => names.join(' with ')).join(', or ');
    const path = group.in === 'body' && bound.bodyGiven ? 'body' : '';
    const issue = (received: string, message: string): Issue => ({
      kind: 'mismatch' as const,
      path,
      expected,
      received,
      message,
    });
    if (begun.length > 1) {
      const given = begun.flat().filter(present).join(', ');
      return [issue(given, `${given}: only one of these may be given: ${expected}`)];
    }
    const variant = begun[0];
    if (variant === undefined) return group.optional ? [] : [issue('nothing', `missing: give ${expected}`)];
    const missing = variant.filter((name) => !present(name));
    if (missing.length === 0) return [];
    return [
      issue(
        variant.filter(present).join(', '),
        `${missing.join(', ')}: missing beside ${variant.filter(present).join(', ')}`,
      ),
    ];
  });
}
