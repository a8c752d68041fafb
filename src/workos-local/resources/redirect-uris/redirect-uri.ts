/**
 * An address browsers may be sent back to. One asterisk may stand for the first part of its host or in it, or for the
 * port of this machine, as the reference allows.
 */
export interface RedirectPattern {
  readonly protocol: string;
  /** The host without its port; with the asterisk where it has one. */
  readonly host: string;
  /** Null for the protocol's own, `*` for any. */
  readonly port: string | null;
  /** Path, query and all. */
  readonly rest: string;
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);
const absolute = /^([a-z][a-z0-9+.-]*:)\/\/(\[[0-9a-f:.]+\]|[^/?#:@\s]+)(?::(\d{1,5}|\*))?([/?][^#\s]*)?$/i;
/** What an asterisk in a host stands for. */
const wildcard = '[A-Za-z0-9_-]+';

/** What is wrong with a text as a redirect URI; the pattern it is when nothing is. */
export function parseRedirectUri(uri: string): RedirectPattern | string {
  const parts = absolute.exec(uri);
  if (parts === null || !URL.canParse(uri.replace('*', '1'))) {
    return 'uri is no absolute URI, or has a fragment or a user name.';
  }
  const [, protocol = '', host = '', port = null, rest = '/'] = parts;
  const stars = uri.split('*').length - 1;
  if (stars > 1) return 'uri has more than one wildcard.';
  if (rest.includes('*')) return 'A wildcard stands in the host or for the port.';
  if (port === '*' && !loopback.has(host.toLowerCase())) {
    return 'Only localhost and loopback addresses can have a wildcard port.';
  }
  if (host.includes('*') && (!(host.split('.')[0] ?? '').includes('*') || host.split('.').length < 3)) {
    return 'A wildcard stands in the subdomain that is furthest from the root domain.';
  }
  if (!isSafe(protocol.toLowerCase())) return `uri may not be a ${protocol} address.`;
  return { protocol: protocol.toLowerCase(), host: host.toLowerCase(), port, rest };
}

/** Whether a redirect URI that a request names is one that was registered: the same to the letter but for wildcards. */
export function matchesRedirectUri(registered: string, uri: string): boolean {
  if (registered === uri) return true;
  if (!registered.includes('*')) return false;
  const pattern = parseRedirectUri(registered);
  const asked = parseRedirectUri(uri);
  if (typeof pattern === 'string' || typeof asked === 'string') return false;
  return asked.rest === pattern.rest && isSameSite(pattern, asked);
}

/** Whether an address is on the site of a registered redirect URI, whatever its path. */
export function isOnSiteOf(registered: string, uri: string): boolean {
  const pattern = parseRedirectUri(registered);
  const asked = parseRedirectUri(uri);
  return typeof pattern !== 'string' && typeof asked !== 'string' && isSameSite(pattern, asked);
}

function isSameSite(pattern: RedirectPattern, asked: RedirectPattern): boolean {
  if (asked.host.includes('*') || asked.port === '*' || asked.protocol !== pattern.protocol) return false;
  if (pattern.port !== '*' && pattern.port !== asked.port) return false;
  const [before = '', after] = pattern.host.split('*');
  if (after === undefined) return before === asked.host;
  return new RegExp(`^${escaped(before)}${wildcard}${escaped(after)}$`).test(asked.host);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Schemes of one's own are how native applications are reached; those that run something in the browser are not. */
function isSafe(protocol: string): boolean {
  return !['javascript:', 'data:', 'vbscript:', 'file:', 'blob:', 'about:'].includes(protocol);
}
