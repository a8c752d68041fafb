import { KosmoError } from '../support/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import type { Effect } from './manifest.ts';
import { effectOfMethod } from './methods.ts';

/**
 * Reading parts of a document that may be missing or of another type: what is not there, or is something else,
 * counts as empty, because an odd title or tag is no reason to refuse a document.
 */
export function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

export function listOf(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

export function stringOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function booleanOf(value: JsonValue | undefined, otherwise: boolean): boolean {
  return typeof value === 'boolean' ? value : otherwise;
}

/** What an operation does: what its method does, unless the document says otherwise. */
export function effectOf(method: string, said: JsonValue | undefined, where: string): Effect {
  if (said === 'read' || said === 'write' || said === 'destructive') return said;
  if (said !== undefined) {
    throw new KosmoError('document_invalid', `${where}: x-kosmo-effect must be read, write or destructive.`);
  }
  return effectOfMethod(method);
}
