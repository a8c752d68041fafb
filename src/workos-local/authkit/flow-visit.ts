import type { Context as HonoContext } from 'hono';
import type { Context } from '../kit/context.ts';
import { environmentById, hashSecret } from '../kit/environments.ts';
import { contextOf } from '../pages/context-of.ts';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { PageError } from '../pages/page-error.ts';
import type { SignIn } from '../resources/authentication/sign-in.ts';
import type { Flow } from '../resources/authorization-flows/flows.table.ts';
import { flowById, updateFlow } from '../resources/authorization-flows/flows.table.ts';
import type { Device } from '../resources/sessions/session.ts';

export type Visit = HonoContext<PageEnv>;

/** What a page works with that belongs to somebody's visit to the hosted pages. */
export interface Stay {
  readonly flow: Flow;
  readonly context: Context;
}

/**
 * The visit a page belongs to, outside of a transaction: what is read may have changed when something is written.
 *
 * @throws PageError when it is not there, over, or began in another browser
 */
export function stayOf(host: PageHost, c: Visit, id = c.req.param('flow') ?? ''): Stay {
  const flow = flowById(host.database, id);
  const environment = flow === null ? null : environmentById(host.database, flow.environment_id);
  if (flow === null || environment === null) {
    throw new PageError(404, 'This sign-in is over', 'Go back to the application and sign in there again.');
  }
  const context = contextOf(host, environment, c.env);
  if (context.now >= flow.expires_at) {
    throw new PageError(
      410,
      'This sign-in took too long',
      'Go back to the application and sign in there again.',
    );
  }
  if (flow.browser_hash !== null && flow.browser_hash !== browserOf(c)) {
    throw new PageError(
      403,
      'This sign-in began in another browser',
      'Go on there, or sign in to the application from here.',
    );
  }
  return { flow, context };
}

/** Does something in a visit, in one transaction; the first browser that comes is the only one it is for. */
export function inStay<Result>(
  host: PageHost,
  c: Visit,
  work: (stay: Stay) => Result,
  id = c.req.param('flow') ?? '',
): Result {
  return host.database.write(() => {
    const { flow, context } = stayOf(host, c, id);
    if (flow.browser_hash !== null) return work({ flow, context });
    const bound = { ...flow, browser_hash: browserOf(c) };
    updateFlow(host.database, bound);
    return work({ flow: bound, context });
  });
}

/** @throws PageError when nobody has shown yet who they are */
export function requireSignIn({ flow }: Stay): SignIn {
  if (flow.signIn === null) {
    throw new PageError(409, 'You have not signed in yet', 'Go back to the first page.');
  }
  return flow.signIn;
}

/** Where a visitor signs in from. */
export function deviceOf(c: Visit): Device {
  return {
    ipAddress: c.env.isRemote ? null : '127.0.0.1',
    userAgent: c.req.header('user-agent')?.slice(0, 500) ?? null,
  };
}

/** The token against forged forms is one browser's alone, so it tells browsers apart. */
function browserOf(c: Visit): string {
  return hashSecret(c.var.csrf);
}
