import type { ExclusiveGroup } from '../../manifest/manifest.ts';
import type { Problem } from './errors.ts';
import type { QueryValues } from './query.ts';

/**
 * Holds a query to the groups of parameters the document declares: of each group one variant is given whole and
 * nothing of another; an optional group may be left out. (For bodies the schemas themselves say it.)
 */
export function groupProblems(groups: readonly ExclusiveGroup[], query: QueryValues): Problem[] {
  const problems: Problem[] = [];
  for (const group of groups) {
    if (group.in !== 'query') continue;
    const variants = Object.values(group.variants);
    const begun = variants.filter((names) => names.some((name) => query[name] !== undefined));
    const ways = variants.map((names) => names.join(' and ')).join(', or ');
    const [only] = begun;
    if (only === undefined) {
      if (!group.optional)
        problems.push({ code: 'required', field: variants[0]?.[0] ?? '', message: `Give ${ways}.` });
    } else if (begun.length > 1) {
      const field = begun[1]?.find((name) => query[name] !== undefined) ?? '';
      problems.push({ code: 'not_allowed', field, message: `Give either ${ways}.` });
    } else {
      for (const field of only.filter((name) => query[name] === undefined)) {
        problems.push({ code: 'required', field, message: `${field} is required: give ${ways}.` });
      }
    }
  }
  return problems;
}
