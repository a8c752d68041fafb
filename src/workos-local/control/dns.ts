import type { Environment } from '../kit/environments.ts';
import type { PageHost } from '../pages/host.ts';

/** A TXT record of the local DNS, which domain verification looks at. */
export interface DnsRecord {
  readonly name: string;
  readonly text: string;
}

export function listDns(host: PageHost, environment: Environment): DnsRecord[] {
  return host.database.all<DnsRecord>(
    'SELECT name, text FROM dns_records WHERE environment_id = ? ORDER BY name, text',
    [environment.id],
  );
}

/** Adds a record; one that is there stays as it is. */
export function setDns(host: PageHost, environment: Environment, record: DnsRecord): DnsRecord {
  const name = dnsName(record.name);
  host.database.run('INSERT OR IGNORE INTO dns_records (environment_id, name, text) VALUES (?, ?, ?)', [
    environment.id,
    name,
    record.text,
  ]);
  return { name, text: record.text };
}

/**
 * Removes the records of a name.
 *
 * @param text only the one with this text
 * @returns how many were there
 */
export function removeDns(host: PageHost, environment: Environment, name: string, text?: string): number {
  return host.database.run(
    'DELETE FROM dns_records WHERE environment_id = ? AND name = ? AND text = coalesce(?, text)',
    [environment.id, dnsName(name), text ?? null],
  );
}

/** Names have no case, and the dot of the root is left away. */
function dnsName(name: string): string {
  return name.trim().toLowerCase().replace(/\.$/, '');
}
