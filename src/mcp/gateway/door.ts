import { createHash, timingSafeEqual } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import {
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
} from '@modelcontextprotocol/server';

interface DoorOptions {
  readonly host: string;
  readonly token: string | null;
  readonly names: readonly string[];
}

/**
 * Looks at a request before anything else does. A page in somebody's browser must not reach a gateway by a name that
 * leads to this machine (`Host`), nor from a site of its own (`Origin`); and whoever else comes must bring the token.
 * @returns the refusal; null for a request that may pass
 */
export function createDoor({ host, token, names }: DoorOptions): (request: Request) => Response | null {
  const own = [...localhostAllowedHostnames(), ...names, ...(isLoopback(host) ? [] : addressesOf(host))];
  const origins = [...localhostAllowedOrigins(), ...names];
  const expected = token === null ? null : digest(token);
  return (request) => {
    const refused = hostHeaderValidationResponse(request, own) ?? originValidationResponse(request, origins);
    if (refused !== undefined) return refused;
    if (expected === null) return null;
    const [, brought = ''] = /^Bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '') ?? [];
    // Of the same length whatever was brought, so that the time it takes tells nothing.
    return timingSafeEqual(digest(brought), expected) ? null : unauthorized(brought !== '');
  };
}

/** Whether only this machine reaches an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function unauthorized(wrong: boolean): Response {
  const challenge = wrong ? 'Bearer error="invalid_token"' : 'Bearer';
  const message = wrong ? 'The token is another one.' : 'A bearer token is needed.';
  return Response.json(
    { jsonrpc: '2.0', id: null, error: { code: -32001, message } },
    { status: 401, headers: { 'www-authenticate': challenge } },
  );
}

/** By what this machine is called from others: the address it listens on, or all it has where it listens on all. */
function addressesOf(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host.includes(':') ? `[${host}]` : host];
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return [
    hostname(),
    ...addresses.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address)),
  ];
}
