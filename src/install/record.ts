import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue, stringifyJson } from '../support/json.ts';
import { parseJson } from '../support/parse-json.ts';

/** Where an installed integration came from: enough to get it again, and to know whether it has changed. */
export interface InstallRecord {
  /** A file's path, a URL, or `npm:PACKAGE#FILE`. */
  readonly spec: string;
  /** Overlays of the user's own, as absolute paths. */
  readonly overlays: readonly string[];
  /** The preset it was added by; its overlay goes before the user's. */
  readonly preset: string | null;
  /** Where calls go in place of the document's own server; null for that. */
  readonly baseUrl: string | null;
  /** The hosts from which parts of the document may be read. */
  readonly hosts: readonly string[];
  /** SHA-256 of the document's text. */
  readonly sha256: string;
  /** Its size in bytes. */
  readonly bytes: number;
  /** The `ETag` a URL was answered with; null where there was none. */
  readonly etag: string | null;
  /** The document's own version, or that of its package. */
  readonly version: string;
  /** ISO 8601. */
  readonly installedAt: string;
}

export const recordFile = 'installed.json';

/** The record beside a manifest; null where there is none, as in the box. */
export function readRecord(folder: string): InstallRecord | null {
  let text: string;
  try {
    text = readFileSync(join(folder, recordFile), 'utf8');
  } catch {
    return null;
  }
  const said = parseJson(text);
  return isJsonObject(said) ? recordOf(said) : null;
}

export function recordText(record: InstallRecord): string {
  return `${stringifyJson(record, 2)}\n`;
}

function recordOf(said: JsonObject): InstallRecord {
  return {
    spec: text(said['spec']),
    overlays: texts(said['overlays']),
    preset: text(said['preset']) || null,
    baseUrl: text(said['baseUrl']) || null,
    hosts: texts(said['hosts']),
    sha256: text(said['sha256']),
    bytes: typeof said['bytes'] === 'number' ? said['bytes'] : 0,
    etag: text(said['etag']) || null,
    version: text(said['version']),
    installedAt: text(said['installedAt']),
  };
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
