import type { Context } from '../kit/context.ts';
import { requireFlag } from '../resources/feature-flags/feature-flags.table.ts';
import { addTarget, createFlag, type NewFlag } from '../resources/feature-flags/feature-flags.ts';
import { organizationByExternalId } from '../resources/organizations/organizations.table.ts';
import { userByExternalId } from '../resources/users/users.table.ts';
import { harborlight } from './company.ts';
import { known } from './known.ts';

interface SeededFlag extends NewFlag {
  /** External ids. */
  readonly organizations?: readonly string[];
  readonly people?: readonly string[];
}

const flags: readonly SeededFlag[] = [
  {
    slug: 'timeline-view',
    name: 'Timeline view',
    description: 'Plans on a timeline, for customers who asked for it',
    tags: ['planning'],
    enabled: true,
    organizations: [harborlight],
    people: ['person-9'],
  },
  { slug: 'dark-mode', name: 'Dark mode', enabled: true, defaultValue: true },
  {
    slug: 'budget-forecast',
    name: 'Budget forecast',
    description: 'Not ready: switched off',
    tags: ['planning', 'beta'],
    organizations: [harborlight],
  },
];

/** Makes flags: one for some, one for all, one that is switched off. */
export function seedFlags(next: () => Context): void {
  for (const { organizations = [], people = [], ...flag } of flags) {
    createFlag(next(), flag);
    for (const name of organizations) {
      const context = next();
      addTarget(
        context,
        requireFlag(context, flag.slug),
        known(organizationByExternalId(context, name), name).id,
      );
    }
    for (const name of people) {
      const context = next();
      addTarget(context, requireFlag(context, flag.slug), known(userByExternalId(context, name), name).id);
    }
  }
}
