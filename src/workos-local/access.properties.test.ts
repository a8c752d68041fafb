import { expect, it } from 'vitest';
import { World } from './testing/access-world.ts';
import type { Json } from './testing/local-client.ts';
import { Chance } from './testing/odd-values.ts';

const types: Readonly<Record<string, readonly string[]>> = {
  organization: ['workspace'],
  workspace: ['project'],
  project: [],
};
const roles: Readonly<Record<string, readonly string[]>> = {
  organization: ['org-auditor'],
  workspace: ['workspace-admin'],
  project: ['project-editor'],
};
const grants: Readonly<Record<string, readonly string[]>> = {
  'org-auditor': ['project:view'],
  'workspace-admin': ['workspace:edit', 'project:view', 'project:edit', 'app:deploy'],
  'project-editor': ['project:view', 'project:edit'],
};
/** Which permissions mean something on a resource of a type: those for it, and for what can stand below. */
const meant: Readonly<Record<string, readonly string[]>> = {
  organization: ['workspace:edit', 'project:view', 'project:edit', 'app:deploy'],
  workspace: ['workspace:edit', 'project:view', 'project:edit', 'app:deploy'],
  project: ['project:view', 'project:edit', 'app:deploy'],
};

/** What the answers are compared with: the tree and who has what on it, as plain values. */
class Model {
  readonly resources = new Map<string, { id: string; type: string; parent: string | null }>();
  /** `role resource`, of the one member. */
  readonly given = new Set<string>();

  up(id: string): string[] {
    const parent = this.resources.get(id)?.parent ?? null;
    return parent === null ? [id] : [id, ...this.up(parent)];
  }

  within(id: string): string[] {
    return [...this.resources.keys()].filter((other) => this.up(other).includes(id));
  }

  permissions(id: string): string[] {
    const found = this.up(id).flatMap((above) =>
      Object.entries(grants).flatMap(([role, slugs]) => (this.given.has(`${role} ${above}`) ? slugs : [])),
    );
    const type = this.resources.get(id)?.type ?? '';
    return [...new Set(found)].filter((slug) => meant[type]?.includes(slug)).toSorted();
  }

  remove(id: string): void {
    for (const gone of this.within(id)) {
      this.resources.delete(gone);
      for (const entry of this.given) if (entry.endsWith(` ${gone}`)) this.given.delete(entry);
    }
  }
}

it.each([1, 2, 3])(
  'access is what the tree and the roles say, whatever is made, moved, given and taken (chance %i)',
  async (seed) => {
    const world = await World.open();
    const { client, om } = world;
    const chance = new Chance(seed * 104_729);
    const model = new Model();
    const add = (resource: Json) =>
      model.resources.set(resource.id, {
        id: resource.id,
        type: resource.resource_type_slug,
        parent: resource.parent_resource_id,
      });
    for (const resource of [world.org, world.engineering, world.sales, world.web, world.mobile])
      add(resource);
    const some = () => chance.pick([...model.resources.values()]);
    const steps = [
      async () => {
        const parent = some();
        const [type] = types[parent.type] ?? [];
        if (type === undefined) return;
        add(await world.resource(type, `r${model.resources.size}-${chance.next()}`, { id: parent.id }));
      },
      async () => {
        const [resource, parent] = [some(), some()];
        if (resource.parent === null || types[parent.type]?.includes(resource.type) !== true) return;
        const body = { parent_resource_id: parent.id };
        await client.call('PATCH', `/authorization/resources/${resource.id}`, { body });
        model.resources.set(resource.id, { ...resource, parent: parent.id });
      },
      async () => {
        const resource = some();
        const [role = ''] = roles[resource.type] ?? [];
        await world.assign(role, resource);
        model.given.add(`${role} ${resource.id}`);
      },
      async () => {
        const [entry] = [...model.given].filter(() => chance.next() < 0.5);
        if (entry === undefined) return;
        const [role = '', id] = entry.split(' ');
        await world.unassign(role, { id });
        model.given.delete(entry);
      },
      async () => {
        const resource = some();
        if (resource.parent === null || chance.next() < 0.6) return;
        const hasDependents =
          model.within(resource.id).length > 1 ||
          [...model.given].some((entry) => entry.endsWith(` ${resource.id}`));
        const at = `/authorization/resources/${resource.id}`;
        expect((await client.delete(at)).status).toBe(hasDependents ? 409 : 204);
        if (hasDependents) await client.delete(`${at}?cascade_delete=true`);
        model.remove(resource.id);
      },
    ];
    for (let step = 1; step <= 60; step += 1) {
      await chance.pick(steps)();
      if (step % 12 !== 0) continue;
      const listed = await client.all('/authorization/resources', 7);
      expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(model.resources.keys()));
      const assigned = (await client.all(`${om}/role_assignments`, 7)).map(
        ({ role, resource }) => `${role.slug} ${resource.id}`,
      );
      // The role every member has is none of the model's.
      expect(new Set(assigned.filter((entry) => !entry.startsWith('member ')))).toEqual(model.given);
      for (const { id } of model.resources.values()) {
        const expected = model.permissions(id);
        expect(await world.permissions({ id })).toEqual(expected);
        for (const slug of meant['organization'] ?? []) {
          expect(await world.may(slug, { id })).toBe(expected.includes(slug));
        }
      }
      for (const { id, type } of model.resources.values()) {
        if (type === 'project') continue;
        const query = `permission_slug=project:edit&parent_resource_id=${id}`;
        const found = (await client.all(`${om}/resources?${query}`, 7)).map((resource) => resource.id);
        const expected = [...model.resources.values()]
          .filter(({ parent }) => parent === id)
          .filter((child) => model.permissions(child.id).includes('project:edit'))
          .map((child) => child.id);
        expect(new Set(found)).toEqual(new Set(expected));
      }
    }
    world.client.close();
  },
);
