/** An error the document names that no test sees, and why. */
interface Unprovoked {
  readonly status: string;
  readonly why: string;
  /** The operations it is true of; all when nothing is said. */
  readonly operations?: readonly string[];
}

/** A test fails for one that is seen after all. */
const unprovoked: readonly Unprovoked[] = [
  { status: '403', why: 'A key opens all of its environment: there is none with fewer rights.' },
  { status: '429', why: 'Nothing is limited by itself; a fault can be set that answers it.' },
  {
    status: '400',
    why: 'It is a time-out of a lock: here writes wait for each other.',
    operations: [
      'AuthorizationResourcesController_delete',
      'AuthorizationResourcesByExternalIdController_deleteByExternalId',
    ],
  },
  {
    status: '409',
    why: 'Nothing goes on in the background that a request could come in the way of.',
    operations: [
      'AuthorizationResourcesController_update',
      'AuthorizationResourcesByExternalIdController_updateByExternalId',
      'OrganizationsController_create',
      'OrganizationsController_updateOrganization',
    ],
  },
  {
    status: '400',
    why: 'What is wrong with a query is answered with 422.',
    operations: ['EventsController_list', 'FeatureFlagsController_list'],
  },
  {
    status: '400',
    why: 'It takes no body, and its path names what is there or not.',
    operations: ['AuthorizationOrganizationRolesController_delete'],
  },
  {
    status: '404',
    why: 'It names nothing that could be missing.',
    operations: [
      'AuditLogValidatorsController_list',
      'AuthorizationPermissionsController_list',
      'FeatureFlagsController_list',
      'UserlandUsersController_create[0]',
      'SsoController_getProfile',
      'SsoController_token',
    ],
  },
  {
    status: '422',
    why: 'An id in a path may be any text: it is there or not.',
    operations: [
      'AuthorizationResourcesController_findById',
      'UserlandUserOrganizationMembershipsController_deactivate',
      'UserlandUserOrganizationMembershipsController_reactivate',
    ],
  },
];

/** Why no test sees an operation answer with this status, or null when one should. */
export function reasonUnprovoked(operationId: string, status: string): string | null {
  const found = unprovoked.find(
    (entry) => entry.status === status && (entry.operations?.includes(operationId) ?? true),
  );
  return found?.why ?? null;
}

/** The entries that name their operations, one by one. */
export const namedUnprovoked = unprovoked.flatMap(({ status, operations = [] }) =>
  operations.map((operationId) => ({ operationId, status })),
);
