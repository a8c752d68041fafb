import { type JsonValue, stringifyJson } from '../support/json.ts';

/** What a program returned, for people: text as it is, anything else as indented JSON; nothing for nil. */
export function renderResult(result: JsonValue): string {
  if (result === null) return '';
  return `${typeof result === 'string' ? result : stringifyJson(result, 2)}\n`;
}
