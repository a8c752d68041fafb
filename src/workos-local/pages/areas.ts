import { exportsPath } from '../resources/audit-logs/export-url.ts';
import { oauthPath } from '../resources/connect-oauth/external-auth.ts';
import { providerPages } from '../resources/data-integrations/consent-path.ts';
import { portalPath } from '../resources/portal/portal.ts';
import { identityProviderPath } from '../resources/sso/sign-in.ts';
import { scimPath } from '../scim/scim-path.ts';
import type { CreateArea } from './host.ts';

/** Which code answers below a path. It is loaded with the first request that asks for it. */
export interface AreaEntry {
  /** The start of its paths, without a slash at its end: `/_pages` is `/_pages` and all below. */
  readonly prefix: string;
  readonly load: () => Promise<CreateArea>;
}

/** Everything served besides the operations of the document, which win where paths meet. */
export const areas: readonly AreaEntry[] = [
  {
    prefix: '/_local/api',
    load: async () => (await import('../control/api.ts')).createControlApi,
  },
  {
    prefix: '/_local',
    load: async () => (await import('../console/console.ts')).createConsole,
  },
  { prefix: '/_pages', load: async () => (await import('./assets.ts')).createAssets },
  { prefix: scimPath, load: async () => (await import('../scim/scim-area.ts')).createScim },
  ...[oauthPath, '/.well-known/oauth-authorization-server'].map((prefix) => ({
    prefix,
    load: async () => (await import('../connect/oauth-area.ts')).createConnect,
  })),
  ...[portalPath, '/_widgets'].map((prefix) => ({
    prefix,
    load: async () => (await import('../portal/portal-area.ts')).createPortal,
  })),
  {
    prefix: identityProviderPath,
    load: async () => (await import('../identity-provider/identity-provider-area.ts')).createIdentityProvider,
  },
  {
    prefix: providerPages,
    load: async () => (await import('../provider-pages/provider-area.ts')).createProviderPages,
  },
  {
    prefix: exportsPath,
    load: async () => (await import('../resources/audit-logs/export-area.ts')).createExportArea,
  },
  ...['/authkit', '/device', '/invite'].map((prefix) => ({
    prefix,
    load: async () => (await import('../authkit/authkit.ts')).createAuthkit,
  })),
];
