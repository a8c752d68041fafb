import type { Parameter, ParameterStyle } from '../manifest/index.ts';
import { isJsonObject, type JsonValue, stringifyJson } from '../support/json.ts';

/**
 * How values of parameters are written. OpenAPI 3.1, "Style Values"; RFC 6570 for what it refers to.
 */

/** A value in a path, with the sign its style begins with. */
export function pathText(parameter: Parameter, value: JsonValue): string {
  const { style, explode } = parameter;
  const name = encodeURIComponent(parameter.name);
  const pairs = isJsonObject(value) && parameter.isJson !== true ? pairsOf(value) : null;
  const texts =
    pairs === null && parameter.isJson !== true && Array.isArray(value) ? value.map(encoded) : null;
  const joined = (items: readonly string[]) => items.join(',');
  if (style === 'label') {
    if (pairs !== null) return explode ? `.${equalled(pairs).join('.')}` : `.${joined(pairs.flat())}`;
    return `.${texts === null ? encodedBy(parameter, value) : texts.join(explode ? '.' : ',')}`;
  }
  if (style === 'matrix') {
    if (pairs !== null) return explode ? `;${equalled(pairs).join(';')}` : `;${name}=${joined(pairs.flat())}`;
    if (texts === null) return `;${name}=${encodedBy(parameter, value)}`;
    return explode ? texts.map((text) => `;${name}=${text}`).join('') : `;${name}=${joined(texts)}`;
  }
  if (pairs !== null) return joined(explode ? equalled(pairs) : pairs.flat());
  return texts === null ? encodedBy(parameter, value) : joined(texts);
}

/** A value of a query, or of a form, as its pairs. */
export function queryPairs(
  parameter: Pick<Parameter, 'name' | 'style' | 'explode' | 'isJson' | 'allowReserved'>,
  value: JsonValue,
): string[] {
  const name = encodeURIComponent(parameter.name);
  const text = (inner: JsonValue) => (parameter.allowReserved === true ? reserved(inner) : encoded(inner));
  if (parameter.isJson === true) return [`${name}=${encodeURIComponent(stringifyJson(value))}`];
  if (parameter.style === 'deepObject' && typeof value === 'object' && value !== null)
    return deepPairs(name, value);
  if (Array.isArray(value)) {
    if (value.length === 0) return [];
    const items = value.map(text);
    if (parameter.explode) return items.map((item) => `${name}=${item}`);
    return [`${name}=${items.join(separators[parameter.style] ?? ',')}`];
  }
  if (!isJsonObject(value)) return [`${name}=${text(value)}`];
  const pairs = Object.entries(value).map(([key, inner]) => [encodeURIComponent(key), text(inner)] as const);
  if (pairs.length === 0) return [];
  return parameter.explode
    ? equalled(pairs)
    : [`${name}=${pairs.flat().join(separators[parameter.style] ?? ',')}`];
}

/** A value that is the whole query: an object as a form, anything else as one encoded text. OpenAPI 3.2. */
export function wholeQuery({ isJson }: Parameter, value: JsonValue): string[] {
  if (isJson === true) return [encodeURIComponent(stringifyJson(value))];
  if (!isJsonObject(value)) return [encoded(value)];
  return Object.entries(value).flatMap(([name, inner]) =>
    queryPairs(
      { name, style: 'form', explode: true, ...(isJsonObject(inner) ? { isJson: true } : {}) },
      inner,
    ),
  );
}

/** A value in a header. A header cannot hold line ends; anything past Latin-1 is percent-encoded. */
export function headerText(parameter: Parameter, value: JsonValue): string {
  const written =
    parameter.isJson === true
      ? stringifyJson(value)
      : Array.isArray(value)
        ? value.map(plainText).join(',')
        : isJsonObject(value)
          ? Object.entries(value)
              .map(([key, inner]) => `${key}${parameter.explode ? '=' : ','}${plainText(inner)}`)
              .join(',')
          : plainText(value);
  return withinHeader(written);
}

function withinHeader(text: string): string {
  return text.replace(/[^\t\x20-\x7e\xa0-\xff]/gu, (character) => encodeURIComponent(character));
}

/** A value as a cookie: several values stand in one, since a browser's cookies have each name once. */
export function cookieText(parameter: Parameter, value: JsonValue): string {
  if (parameter.isPlain === true && (typeof value !== 'object' || value === null))
    // What would begin another cookie is encoded all the same.
    return withinHeader(`${parameter.name}=${plainText(value).replaceAll(';', '%3B')}`);
  const pairs = queryPairs({ ...parameter, explode: false }, value);
  return pairs[0] ?? `${encodeURIComponent(parameter.name)}=`;
}

const separators: Readonly<Partial<Record<ParameterStyle, string>>> = {
  spaceDelimited: '%20',
  pipeDelimited: '%7C',
};

/** `name[a][b]=1`; the standard leaves lists open, and `name[]=1` is what most services read. */
function deepPairs(name: string, value: JsonValue): string[] {
  if (Array.isArray(value)) return value.flatMap((inner) => deepPairs(`${name}[]`, inner));
  if (!isJsonObject(value)) return [`${name}=${encoded(value)}`];
  return Object.entries(value).flatMap(([key, inner]) =>
    deepPairs(`${name}[${encodeURIComponent(key)}]`, inner),
  );
}

function pairsOf(value: { readonly [key: string]: JsonValue }): (readonly [string, string])[] {
  return Object.entries(value).map(([key, inner]) => [encodeURIComponent(key), encoded(inner)] as const);
}

function equalled(pairs: readonly (readonly [string, string])[]): string[] {
  return pairs.map(([key, text]) => `${key}=${text}`);
}

function encodedBy({ isJson }: Parameter, value: JsonValue): string {
  return isJson === true ? encodeURIComponent(stringifyJson(value)) : encoded(value);
}

function encoded(value: JsonValue): string {
  return encodeURIComponent(plainText(value));
}

/** Reserved characters that do not end a value stand as they are. RFC 3986, section 2.2. */
function reserved(value: JsonValue): string {
  return encoded(value).replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (escaped) =>
    decodeURIComponent(escaped),
  );
}

export function plainText(value: JsonValue): string {
  return typeof value === 'string' ? value : stringifyJson(value);
}
