import { expect, it } from 'vitest';
import { Router } from './router.ts';
import { manifest } from './testing/document.ts';

const router = new Router(manifest.index.operations);
const idOf = (method: string, path: string) => router.match(method, path)?.operation.operationId;

it('every operation of the document is found by its own path', () => {
  for (const operation of manifest.index.operations) {
    const path = operation.path.replace(/\{([^}]+)\}/g, 'the-$1');
    const match = router.match(operation.method, path);
    expect(match?.operation.operationId).toBe(operation.operationId);
    const names = [...operation.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '');
    expect(match?.path).toEqual(Object.fromEntries(names.map((name) => [name, `the-${name}`])));
  }
});

it('a fixed segment wins over a placeholder, and gives way where it leads nowhere', () => {
  expect(idOf('GET', '/organizations/external_id/x')).toBe('OrganizationsController_getByExternalId');
  expect(idOf('GET', '/organizations/external_id')).toBe('OrganizationsController_find');
  expect(idOf('GET', '/organizations/external_id/groups')).toBe('OrganizationsController_getByExternalId');
  expect(idOf('GET', '/organizations/external_id/groups/g')).toBe('GroupsController_get');
});

it('values are decoded', () => {
  expect(router.match('GET', '/organizations/external_id/a%2Fb%20c')?.path).toEqual({ external_id: 'a/b c' });
  expect(router.match('GET', '/organizations/%zz')).toBeNull();
});

it('a path that the official SDK asks is as good as the one the document names', () => {
  const match = router.match('GET', '/authorization/resources/r/organization_memberships/m/permissions');
  expect(match?.operation.operationId).toBe('AuthorizationController_listEffectivePermissions');
  expect(match?.path).toEqual({ resource_id: 'r', organization_membership_id: 'm' });
});
