import type { Hono } from 'hono';
import type { Context } from '../kit/context.ts';
import { emit } from '../kit/events.ts';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { PageError } from '../pages/page-error.ts';
import { backTo, ssoCallback } from '../resources/authorization-flows/authorize.ts';
import { flowPath } from '../resources/authorization-flows/flow.ts';
import { deleteFlow, type Flow } from '../resources/authorization-flows/flows.table.ts';
import { type Provisioned, provisionUser } from '../resources/sso/provision-user.ts';
import { redeemSignInCode } from '../resources/sso/sign-in.ts';
import { advance, goOn, type Onward, signInOf } from './advance.ts';
import { deviceOf, inStay, stayOf, type Visit } from './flow-visit.ts';

/** Where somebody comes back to from their identity provider, with a code or with an error. */
export function addSso(app: Hono<PageEnv>, host: PageHost): void {
  app.get(`${ssoCallback}/:flow`, (c) => {
    const { code, error, error_description: description } = c.req.query();
    const stay = stayOf(host, c);
    const onward = inStay(host, c, ({ flow, context }): Onward => {
      if (error !== undefined) return refuse(context, flow, error, description ?? null);
      const profile = redeemSignInCode(context, code ?? '', 'user_management');
      if (profile === null) {
        throw new PageError(
          410,
          'This sign-in is over',
          'Go back to the application and sign in there again.',
        );
      }
      const provisioned = provisionUser(context, profile);
      tell(context, c, provisioned);
      const signIn = signInOf(c, flow, provisioned.user, provisioned.method);
      const organizationId = provisioned.connection.organization_id ?? signIn.organizationId;
      return advance({ flow, context }, { ...signIn, organizationId });
    });
    return goOn(c, host, stay, onward);
  });
}

/** The application hears of it; a page of this server that wanted somebody signed in begins again. */
function refuse(context: Context, flow: Flow, error: string, description: string | null): Onward {
  const { target } = flow.request;
  if (target.kind === 'page') return { location: flowPath(flow.id), session: null };
  deleteFlow(context.database, flow.id);
  const told = { error, error_description: description, state: target.state };
  return { location: backTo(target.redirectUri, told), session: null };
}

function tell(context: Context, c: Visit, { user, connection, method }: Provisioned): void {
  const device = deviceOf(c);
  const type = method === 'SSO' ? 'sso' : 'oauth';
  emit(context, `authentication.${type}_succeeded`, {
    type,
    status: 'succeeded',
    ip_address: device.ipAddress,
    user_agent: device.userAgent,
    user_id: user.id,
    email: user.email,
    ...(type === 'sso'
      ? {
          sso: {
            organization_id: connection.organization_id,
            connection_id: connection.id,
            session_id: null,
          },
        }
      : {}),
  });
}
