import type { MiddlewareHandler } from 'hono';
import type { AreaEnv } from '../pages/host.ts';

/** Why a request may not use what controls the server; null when it may. */
export function refusalOf(visit: AreaEnv['Bindings']): string | null {
  if (visit.isRemote) return 'Only the machine the server runs on may use this.';
  // A name that somebody else's DNS leads here must not make their page one of ours.
  const { hostname } = new URL(visit.baseUrl);
  const isOurs =
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    /^\d{1,3}(?:\.\d{1,3}){3}$/.test(hostname) ||
    hostname.startsWith('[');
  return isOurs ? null : 'Use localhost or an IP address for this, not another name.';
}

/** Lets through who is on this machine and means this server; `refuse` answers the others. */
export function localOnly<Env extends AreaEnv>(refuse: (reason: string) => Response): MiddlewareHandler<Env> {
  return async (c, next) => {
    const reason = refusalOf(c.env);
    if (reason !== null) return refuse(reason);
    await next();
    return undefined;
  };
}
