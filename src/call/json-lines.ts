import { type JsonValue, stringifyJson } from '../support/json.ts';
import { parseJson } from '../support/parse-json.ts';

/** What a record begins with in `application/json-seq`. RFC 7464. */
const recordSign = '\u001e';

/** Values as a sequence: a line each, or a record between its signs. */
export function writeJsonLines(contentType: string, values: readonly JsonValue[]): string {
  const sign = contentType.includes('json-seq') ? recordSign : '';
  return values.map((value) => `${sign}${stringifyJson(value)}\n`).join('');
}

/** The values of a sequence; undefined when one of them is no JSON. */
export function readJsonLines(body: string): JsonValue[] | undefined {
  const texts = body
    .split('\n')
    .map((line) => line.replaceAll(recordSign, ''))
    .filter((line) => line.trim() !== '');
  const values = texts.map((line) => parseJson(line)).filter((value) => value !== undefined);
  return values.length === texts.length ? values : undefined;
}
