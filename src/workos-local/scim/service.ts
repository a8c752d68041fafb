import { Config, Resources, Schemas } from 'scimmy';
import { largestPage } from './scim-directory.ts';
import type { ScimReply } from './scim-reply.ts';

// The library keeps what is offered in one place for the process; it is the same for every directory.
Resources.User.extend(Schemas.EnterpriseUser);
// Of its addresses it gets the part behind a directory's own.
for (const kind of [Resources.ServiceProviderConfig, Resources.ResourceType, Resources.Schema])
  kind.basepath('');
Resources.declare(Resources.User);
Resources.declare(Resources.Group);
Config.set({ patch: true, sort: true, etag: true, filter: { maxResults: largestPage } });
Config.set('authenticationSchemes', [
  {
    type: 'oauthbearertoken',
    name: 'Bearer token',
    description: 'The token the directory was made with',
    primary: true,
  },
]);

/** What the endpoint says of itself: `/ServiceProviderConfig`, `/ResourceTypes` and `/Schemas`; null for other paths. */
export async function describeService(path: string, location: string): Promise<ScimReply | null> {
  const [, name = '', id, ...rest] = path.split('/');
  const kind = described[name];
  if (kind === undefined || rest.length > 0 || (name === 'ServiceProviderConfig' && id !== undefined)) {
    return null;
  }
  const resource: unknown = await (id === undefined ? new kind() : new kind(id)).read();
  return { status: 200, body: located(JSON.parse(JSON.stringify(resource)), location) as object };
}

const described: Readonly<Record<string, new (id?: string) => { read(): Promise<unknown> }>> = {
  ServiceProviderConfig: Resources.ServiceProviderConfig,
  ResourceTypes: Resources.ResourceType,
  Schemas: Resources.Schema,
};

function located(value: unknown, location: string): unknown {
  if (Array.isArray(value)) return value.map((item) => located(item, location));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === 'location' && typeof inner === 'string' ? location + inner : located(inner, location),
    ]),
  );
}
