import type { Operation } from '../manifest/index.ts';
import { type JsonObject, stringifyJson } from '../support/json.ts';
import { shellWord } from './lua-text.ts';

/** A call as a command line. */
export function exampleCommand(
  integration: string,
  operation: Operation,
  args: JsonObject,
  fullName: boolean,
): string {
  const plain = Object.entries(args).every(([, value]) => typeof value !== 'object');
  const words = plain
    ? Object.entries(args).map(([name, value]) => `--${name.replaceAll('_', '-')} ${word(value)}`)
    : [shellWord(stringifyJson(args))];
  const name = fullName ? operation.slug : operation.luaName;
  const [, server = null] = /^mcp\.(.+)$/.exec(integration) ?? [];
  const command = server === null ? `integrations:${integration}` : `mcp:call ${server}`;
  return [`kosmo ${command} ${name}`, ...words].join(' ');
}

function word(value: unknown): string {
  const text = typeof value === 'string' ? value : stringifyJson(value);
  return /^[\w@.:/-]+$/.test(text) ? text : shellWord(text);
}
