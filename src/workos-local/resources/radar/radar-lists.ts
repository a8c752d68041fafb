import { BlockList, isIP } from 'node:net';
import { type ApiError, badRequest } from '../../kit/errors.ts';

export const listTypes = [
  'ip_address',
  'domain',
  'email',
  'device',
  'user_agent',
  'device_fingerprint',
  'country',
] as const;
export type ListType = (typeof listTypes)[number];
export type ListAction = 'allow' | 'block';

/** What an attempt has to be compared with the lists. */
export interface Traits {
  readonly ip_address: string;
  readonly user_agent: string;
  readonly email: string;
  readonly device_fingerprint?: string;
}

/**
 * An entry as it is kept and compared.
 *
 * @throws ApiError 400 when it is none of its type
 */
export function listEntry(type: ListType, text: string): string {
  const entry = text.trim();
  if (entry === '') throw invalidEntry(type, 'must not be empty');
  switch (type) {
    case 'ip_address':
      if (networkOf(entry) === null) throw invalidEntry(type, 'is an IP address or a range: 203.0.113.0/24');
      return entry.toLowerCase();
    case 'domain':
      if (!/^[^\s@/]+\.[^\s@/]+$/.test(entry)) throw invalidEntry(type, 'is a domain name: example.com');
      return entry.toLowerCase();
    case 'email':
      if (!/^[^\s@]+@[^\s@]+$/.test(entry)) throw invalidEntry(type, 'is an e-mail address');
      return entry.toLowerCase();
    case 'country':
      if (!/^[a-z]{2}$/i.test(entry)) throw invalidEntry(type, 'is a code of ISO 3166-1 with two letters');
      return entry.toUpperCase();
    default:
      return entry;
  }
}

/**
 * The entry an attempt would have to have in a list, by type; null where nothing of it can be there. Where an
 * address is in the world is not known here, so no attempt matches a country.
 */
export function traitOf(type: ListType, attempt: Traits): string | null {
  switch (type) {
    case 'domain':
      return attempt.email.slice(attempt.email.lastIndexOf('@') + 1).toLowerCase();
    case 'email':
      return attempt.email.toLowerCase();
    case 'user_agent':
      return attempt.user_agent.trim();
    case 'device':
    case 'device_fingerprint':
      return attempt.device_fingerprint?.trim() ?? null;
    case 'ip_address':
    case 'country':
      return null;
  }
}

/** Whether an address is one of these, or in one of these ranges. */
export function isAmong(address: string, entries: readonly string[]): boolean {
  const family = familyOf(address);
  if (family === null) return false;
  const list = new BlockList();
  for (const entry of entries) {
    const network = networkOf(entry);
    if (network !== null) list.addSubnet(network.address, network.bits, network.family);
  }
  return list.check(address, family);
}

interface Network {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

function networkOf(text: string): Network | null {
  const [address = '', suffix, ...more] = text.split('/');
  const family = familyOf(address);
  if (family === null || more.length > 0) return null;
  const most = family === 'ipv4' ? 32 : 128;
  if (suffix !== undefined && !/^\d{1,3}$/.test(suffix)) return null;
  const bits = suffix === undefined ? most : Number(suffix);
  return bits > most ? null : { address, bits, family };
}

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  const version = isIP(address);
  return version === 0 ? null : version === 4 ? 'ipv4' : 'ipv6';
}

function invalidEntry(type: ListType, rule: string): ApiError {
  return badRequest('invalid_entry', `An entry of a list of the type ${type} ${rule}.`);
}
