import { randomBytes } from 'node:crypto';
import type { BodyPart, RequestBody } from '../manifest/index.ts';
import { isJsonObject, type JsonObject, type JsonValue, stringifyJson } from '../support/json.ts';
import type { AttachedFile, AttachedFiles } from './files.ts';
import { writeJsonLines } from './json-lines.ts';
import { plainText, queryPairs } from './parameter-text.ts';

/** A body as it is sent. */
export interface EncodedBody {
  readonly contentType: string;
  readonly content: string | Uint8Array;
  /** What is shown in its place, where it is no JSON. */
  readonly shown?: JsonValue;
}

/** A body's value as the bytes its operation wants. */
export function encodeBody(body: RequestBody, value: JsonValue, files: AttachedFiles): EncodedBody {
  const { contentType } = body;
  switch (body.encoding) {
    case 'json':
      return {
        contentType: contentType === '*/*' ? 'application/json' : contentType,
        content: stringifyJson(value),
      };
    case 'lines':
      return {
        contentType,
        content: writeJsonLines(contentType, Array.isArray(value) ? value : [value]),
        shown: value,
      };
    case 'form':
      return { contentType, content: formText(body, isJsonObject(value) ? value : {}), shown: value };
    case 'multipart':
      return multipart(body, isJsonObject(value) ? value : {}, files);
    case 'text':
      return { contentType, content: plainText(value), shown: value };
    case 'file': {
      const file = files.get('');
      const type = concrete(contentType) ?? file?.type ?? 'application/octet-stream';
      return {
        contentType: type,
        content: file?.bytes ?? new Uint8Array(),
        shown: file === undefined ? null : shownFile(file),
      };
    }
  }
}

/** A type that can be sent: `image/*` says which ones are taken, not which one this is. */
function concrete(contentType: string): string | null {
  return contentType.includes('*') ? null : contentType;
}

/** WHATWG URL, "application/x-www-form-urlencoded serializing". */
function formText({ parts }: RequestBody, value: JsonObject): string {
  const pairs = Object.entries(value).flatMap(([name, inner]) => {
    const part = parts?.[name];
    const isObject = isJsonObject(inner) && part?.style !== 'deepObject';
    return queryPairs(
      {
        name,
        style: part?.style ?? 'form',
        explode: part?.explode ?? true,
        ...(isObject ? { isJson: true } : {}),
      },
      inner,
    );
  });
  return pairs.join('&').replaceAll('%20', '+');
}

/** RFC 7578. A list is a part for each of its items, an object is JSON. */
function multipart(
  { contentType, parts }: RequestBody,
  value: JsonObject,
  files: AttachedFiles,
): EncodedBody {
  const boundary = `kosmo-${randomBytes(12).toString('hex')}`;
  const chunks: Buffer[] = [];
  const add = (
    name: string,
    inner: JsonValue,
    part: BodyPart | undefined,
    file: AttachedFile | undefined,
  ) => {
    const filename = file === undefined ? '' : `; filename="${quoted(file.name)}"`;
    const said = part?.contentType ?? null;
    const type =
      file === undefined ? (said ?? plainTypeOf(inner)) : (file.type ?? concrete(said ?? '*') ?? binary);
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"${filename}\r\n`;
    chunks.push(Buffer.from(`${head}${type === null ? '' : `content-type: ${type}\r\n`}\r\n`));
    chunks.push(Buffer.from(file?.bytes ?? plainText(inner)), Buffer.from('\r\n'));
  };
  for (const [name, inner] of Object.entries(value)) {
    const items = Array.isArray(inner) ? inner : [inner];
    items.forEach((item, index) => {
      add(name, item, parts?.[name], files.get(Array.isArray(inner) ? `${name}.${index}` : name));
    });
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`));
  return {
    contentType: `${contentType.split(';')[0]}; boundary=${boundary}`,
    content: Buffer.concat(chunks),
    shown: shownForm(value, files),
  };
}

const binary = 'application/octet-stream';

function plainTypeOf(value: JsonValue): string | null {
  return typeof value === 'object' && value !== null ? 'application/json' : null;
}

/** HTML, "multipart/form-data encoding algorithm": what would end the name is percent-encoded. */
function quoted(name: string): string {
  return name.replace(/[\r\n"]/g, (character) => encodeURIComponent(character));
}

function shownForm(value: JsonObject, files: AttachedFiles): JsonObject {
  const shown = (key: string, inner: JsonValue): JsonValue => {
    const file = files.get(key);
    return file === undefined ? inner : shownFile(file);
  };
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      Array.isArray(inner) ? inner.map((item, index) => shown(`${name}.${index}`, item)) : shown(name, inner),
    ]),
  );
}

function shownFile({ name, type, bytes }: AttachedFile): JsonObject {
  return { file: name, bytes: bytes.byteLength, ...(type === null ? {} : { type }) };
}
