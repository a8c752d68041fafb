import type { Context } from '../../kit/context.ts';
import { conflict, invalidField, unprocessable } from '../../kit/errors.ts';
import {
  depthOfType,
  insertResourceType,
  organizationType,
  requireResourceType,
  resourceTypeBySlug,
} from './resource-types.table.ts';

export interface NewResourceType {
  readonly slug: string;
  readonly name: string;
  readonly description?: string | null;
  /** The types it may stand directly below; the organization when nothing is said. */
  readonly parentSlugs?: readonly string[];
}

/** WorkOS's limit on the levels of a tree. */
const deepest = 5;

/**
 * Defines a kind of resource. WorkOS has no operation for it: it is done in the dashboard. A new type stands below
 * types that are there, so no type ever stands below itself.
 *
 * @throws ApiError 404 without a parent type, 409 when there is such a type, 422 for a slug that is none or a tree
 *   that grows too deep
 */
export function defineResourceType(context: Context, type: NewResourceType): void {
  const { slug, name, description = null, parentSlugs = [organizationType] } = type;
  if (!/^[a-z0-9][a-z0-9_-]{0,47}$/.test(slug)) {
    throw invalidField(
      'slug',
      'invalid_slug',
      'slug must have up to 48 lowercase letters, digits, hyphens and underscores.',
    );
  }
  if (resourceTypeBySlug(context, slug) !== null) {
    throw conflict('resource_type_slug_conflict', `There is a resource type '${slug}' already.`);
  }
  const parents = new Set(parentSlugs);
  if (parents.size === 0) throw invalidField('parent_slugs', 'required', 'A type stands below another one.');
  for (const parent of parents) {
    requireResourceType(context, parent);
    if (depthOfType(context, parent) >= deepest) {
      throw unprocessable(
        'resource_type_too_deep',
        `'${slug}' below '${parent}' would be level ${deepest + 1}.`,
      );
    }
  }
  insertResourceType(context, { slug, name, description, created_at: context.now, updated_at: context.now }, [
    ...parents,
  ]);
}
