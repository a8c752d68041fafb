import { isJsonObject, type JsonValue, stringifyJson } from '../../support/json.ts';

/** A request of a dry run as HTTP writes it. */
export function renderRequest(request: JsonValue): string {
  if (!isJsonObject(request)) return '';
  const { method, url, headers, body } = request;
  const lines = Object.entries(isJsonObject(headers) ? headers : {}).map(
    ([name, value]) => `${name}: ${textOf(value)}\n`,
  );
  const shownBody = body === null || body === undefined ? '' : `\n${stringifyJson(body, 2)}\n`;
  return `${textOf(method)} ${textOf(url)}\n${lines.join('')}${shownBody}`;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : stringifyJson(value ?? null);
}
