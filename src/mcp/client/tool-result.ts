import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallToolResult } from '@modelcontextprotocol/client';
import { isJsonObject, type JsonObject, type JsonValue } from '../../support/json.ts';
import { parseJson } from '../../support/parse-json.ts';
import { withoutNumber } from './server-words.ts';

type Content = CallToolResult['content'][number];

/**
 * What a tool's result is to a program: its structured content, else what its text holds when that is a JSON object or
 * array, else its text. Several parts are a list. Pictures and other bytes go into files, whose paths take their place.
 */
export function resultValue(result: CallToolResult, folder: string): JsonValue {
  if (result.structuredContent !== undefined)
    return withFiles(result.structuredContent as JsonValue, result.content, folder);
  const parts = result.content.map((part) => partOf(part, folder));
  return parts.length === 1 ? (parts[0] ?? null) : parts;
}

/** Structured content in which bytes that the result has among its parts, too, are files as they are there. */
function withFiles(structured: JsonValue, parts: readonly Content[], folder: string): JsonValue {
  if (!parts.some((part) => 'data' in part)) return structured;
  const bytes = new Map(parts.flatMap((part) => ('data' in part ? [[part.data, part] as const] : [])));
  const replaced = (value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return value.map(replaced);
    if (!isJsonObject(value)) return value;
    const part = typeof value['data'] === 'string' ? bytes.get(value['data']) : undefined;
    if (part !== undefined) return partOf(part, folder);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaced(inner)]));
  };
  return replaced(structured);
}

/**
 * The words of a result that is an error.
 * @param refused why the tool was not given what it asked for, which it may keep to itself
 */
export function errorTextOf(result: CallToolResult, refused: readonly string[]): string {
  const texts = result.content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const said = withoutNumber(texts.join('\n').trim()) || 'the tool failed and did not say why';
  return [said, ...refused.filter((reason) => !said.includes(reason))].join('\n');
}

function partOf(part: Content, folder: string): JsonValue {
  switch (part.type) {
    case 'text':
      return decoded(part.text);
    case 'image':
    case 'audio':
      return { type: part.type, mime_type: part.mimeType, path: keep(part.data, part.mimeType, folder) };
    case 'resource':
      return resourceOf(part.resource, folder);
    case 'resource_link':
      return { type: 'resource_link', uri: part.uri, name: part.name };
  }
}

/** The contents of a resource: text, decoded as a tool's is, or a file. */
export function resourceOf(
  resource: { uri: string; mimeType?: string | undefined } & ({ text: string } | { blob: string }),
  folder: string,
): JsonObject {
  const { uri, mimeType = null } = resource;
  if ('text' in resource) return { uri, mime_type: mimeType, text: resource.text };
  return { uri, mime_type: mimeType, path: keep(resource.blob, mimeType ?? '', folder) };
}

/** Text that is a JSON object or array is what it says; a number or a word in JSON is text like any other. */
function decoded(text: string): JsonValue {
  if (!/^\s*[[{]/.test(text)) return text;
  const value = parseJson(text);
  return Array.isArray(value) || isJsonObject(value) ? value : text;
}

function keep(base64: string, mimeType: string, folder: string): string {
  const extension = /^[a-z]+\/([a-z0-9]+)/.exec(mimeType)?.[1] ?? 'bin';
  const file = join(
    folder,
    `${new Date().toISOString().replaceAll(':', '-')}-${randomBytes(4).toString('hex')}.${extension}`,
  );
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(file, Buffer.from(base64, 'base64'), { mode: 0o600, flag: 'wx' });
  return file;
}
