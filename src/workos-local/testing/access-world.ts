import { defineResourceType } from '../resources/resource-types/resource-types.ts';
import { FileClient } from './file-client.ts';
import type { Json, Reply } from './local-client.ts';

/**
 * An organization with two workspaces, the first of which has two projects, a member without any role of use, and
 * roles on each level:
 *
 *     Northwind ─ engineering ─ web, mobile
 *               └ sales
 */
export class World {
  readonly client: FileClient;
  /** Where the member's access is asked for. */
  om = '';
  member: Json;
  org: Json;
  engineering: Json;
  sales: Json;
  web: Json;
  mobile: Json;

  private constructor(client: FileClient) {
    this.client = client;
  }

  static async open(): Promise<World> {
    const client = FileClient.open('sk_test_access');
    const world = new World(client);
    const organization = (await client.post('/organizations', { name: 'Northwind' })).body;
    client.database.write(() => {
      defineResourceType(client.context(), { slug: 'workspace', name: 'Workspace' });
      defineResourceType(client.context(), { slug: 'project', name: 'Project', parentSlugs: ['workspace'] });
      defineResourceType(client.context(), {
        slug: 'app',
        name: 'App',
        parentSlugs: ['workspace', 'project'],
      });
    });
    for (const slug of ['workspace:edit', 'project:view', 'project:edit', 'app:deploy']) {
      const [type] = slug.split(':');
      await done(client.post('/authorization/permissions', { slug, name: slug, resource_type_slug: type }));
    }
    await world.role('org-auditor', 'organization', ['project:view']);
    await world.role('workspace-admin', 'workspace', [
      'workspace:edit',
      'project:view',
      'project:edit',
      'app:deploy',
    ]);
    await world.role('project-editor', 'project', ['project:view', 'project:edit']);
    const user = await done(client.post('/user_management/users', { email: 'ada@northwind.example' }));
    world.member = await done(
      client.post('/user_management/organization_memberships', {
        user_id: user.id,
        organization_id: organization.id,
      }),
    );
    world.om = `/authorization/organization_memberships/${world.member.id}`;
    [world.org] = (await client.get(`/authorization/resources?organization_id=${organization.id}`)).body.data;
    world.engineering = await world.resource('workspace', 'engineering');
    world.sales = await world.resource('workspace', 'sales');
    world.web = await world.resource('project', 'web', world.engineering);
    world.mobile = await world.resource('project', 'mobile', world.engineering);
    return world;
  }

  async role(slug: string, type: string, permissions: readonly string[]): Promise<void> {
    await done(this.client.post('/authorization/roles', { slug, name: slug, resource_type_slug: type }));
    await done(this.client.put(`/authorization/roles/${slug}/permissions`, { permissions }));
  }

  async resource(type: string, name: string, parent?: Json): Promise<Json> {
    return done(
      this.client.post('/authorization/resources', {
        organization_id: this.org.organization_id,
        resource_type_slug: type,
        external_id: name,
        name,
        ...(parent === undefined ? {} : { parent_resource_id: parent.id }),
      }),
    );
  }

  async assign(role: string, resource: Json): Promise<Json> {
    return done(
      this.client.post(`${this.om}/role_assignments`, { role_slug: role, resource_id: resource.id }),
    );
  }

  async unassign(role: string, resource: Json): Promise<void> {
    await done(
      this.client.call('DELETE', `${this.om}/role_assignments`, {
        body: { role_slug: role, resource_id: resource.id },
      }),
    );
  }

  async may(permission: string, resource: Json): Promise<boolean> {
    const body = { permission_slug: permission, resource_id: resource.id };
    return (await done(this.client.post(`${this.om}/check`, body))).authorized;
  }

  /** The slugs of what the member may do on a resource. */
  async permissions(resource: Json): Promise<string[]> {
    const { data } = await done(this.client.get(`${this.om}/resources/${resource.id}/permissions`));
    return data.map(({ slug }: Json) => slug).toSorted();
  }

  async holders(permission: string, resource: Json, assignment?: string): Promise<string[]> {
    const query = new URLSearchParams({
      permission_slug: permission,
      ...(assignment === undefined ? {} : { assignment }),
    });
    const { data } = await done(
      this.client.get(`/authorization/resources/${resource.id}/organization_memberships?${query.toString()}`),
    );
    return data.map(({ id }: Json) => id);
  }
}

async function done(reply: Promise<Reply>): Promise<Json> {
  const { status, body } = await reply;
  if (status >= 400) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
}
