import { harborlight, juniper } from './company.ts';

/** What access is given to in the invented project planner: workspaces, and the projects in them. */
interface Access {
  readonly types: readonly { readonly slug: string; readonly name: string; readonly parent: string }[];
  /** The type is what stands before the colon. */
  readonly permissions: readonly { readonly slug: string; readonly name: string }[];
  readonly roles: readonly {
    readonly slug: string;
    readonly name: string;
    readonly type: string;
    readonly permissions: readonly string[];
  }[];
  readonly resources: readonly {
    readonly organization: string;
    readonly type: string;
    readonly externalId: string;
    readonly name: string;
    /** The external id of the workspace it stands in. */
    readonly workspace?: string;
  }[];
  readonly assignments: readonly {
    /** The external id of the user. */
    readonly person: string;
    readonly organization: string;
    readonly role: string;
    readonly type: string;
    readonly externalId: string;
  }[];
}

export const accessRules: Access = {
  types: [
    { slug: 'workspace', name: 'Workspace', parent: 'organization' },
    { slug: 'project', name: 'Project', parent: 'workspace' },
  ],
  permissions: [
    { slug: 'workspace:view', name: 'See a workspace' },
    { slug: 'workspace:manage', name: 'Manage a workspace' },
    { slug: 'project:view', name: 'See a project' },
    { slug: 'project:edit', name: 'Change a project' },
  ],
  roles: [
    {
      slug: 'workspace-admin',
      name: 'Workspace admin',
      type: 'workspace',
      permissions: ['workspace:view', 'workspace:manage', 'project:view', 'project:edit'],
    },
    {
      slug: 'project-editor',
      name: 'Editor',
      type: 'project',
      permissions: ['project:view', 'project:edit'],
    },
    { slug: 'project-viewer', name: 'Viewer', type: 'project', permissions: ['project:view'] },
  ],
  resources: [
    { organization: harborlight, type: 'workspace', externalId: 'engineering', name: 'Engineering' },
    {
      organization: harborlight,
      type: 'project',
      externalId: 'arm-firmware',
      name: 'Arm firmware',
      workspace: 'engineering',
    },
    {
      organization: harborlight,
      type: 'project',
      externalId: 'test-rig',
      name: 'Test rig',
      workspace: 'engineering',
    },
    { organization: juniper, type: 'workspace', externalId: 'studio', name: 'Studio' },
  ],
  assignments: [
    {
      person: 'person-2',
      organization: harborlight,
      role: 'workspace-admin',
      type: 'workspace',
      externalId: 'engineering',
    },
    {
      person: 'person-3',
      organization: harborlight,
      role: 'project-editor',
      type: 'project',
      externalId: 'test-rig',
    },
  ],
};
