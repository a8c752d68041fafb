import type { Command, Option } from 'commander';
import { Runtime } from '../../runtime/index.ts';
import { localAccountName } from '../../runtime/local-server.ts';
import { commands, findCommand } from '../commands.ts';
import { completionScripts } from './scripts.ts';

/**
 * What the last word of a command line may become.
 * @param words what stands after `kosmo`; the last one is not finished, and may be empty
 * @returns none where a shell's own completion, of files, serves better
 */
export async function candidates(words: readonly string[]): Promise<string[]> {
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const found = await possible(before, last);
  return [...new Set(found)].filter((word) => word.startsWith(last));
}

async function possible(before: readonly string[], last: string): Promise<string[]> {
  const runtime = new Runtime();
  const integrations = runtime.catalog.names();
  const [name, ...rest] = before;
  if (name === undefined) {
    return [
      ...Object.keys(commands),
      ...integrations.map((entry) => `integrations:${entry}`),
      'completion',
      'help',
      '--version',
    ];
  }
  if (name === 'help') return Object.keys(commands);
  if (name === 'completion') return rest.length === 0 ? Object.keys(completionScripts) : [];
  const definition = await findCommand(name);
  if (definition === null) return [];
  const command = definition.define(rest);
  const option = optionOf(command, rest.at(-1));
  if (option !== null && (option.required || option.optional)) {
    const values = valuesOf(option, runtime, name);
    if (option.required || (values.length > 0 && !last.startsWith('-'))) return values;
  }
  if (last.startsWith('-')) {
    const shown = command.options.filter(({ hidden }) => !hidden);
    return [...shown.flatMap(({ long }) => long ?? []), '--help'];
  }
  const position = operandsOf(command, rest).length;
  const argument = command.registeredArguments[position]?.name();
  switch (argument) {
    case 'function':
    case 'page':
    case 'name':
      return namesFor(runtime, name, argument);
    case 'integration':
      return [...integrations];
    default:
      return [];
  }
}

/** Functions, and for pages what else there is to read. */
function namesFor(runtime: Runtime, command: string, argument: string): string[] {
  const own = runtime.catalog.get(command.slice('integrations:'.length));
  if (own !== undefined) return [...own.luaNames()];
  const functions = runtime.catalog.names().flatMap((name) => {
    const found = runtime.catalog.get(name)?.luaNames() ?? [];
    return found.map((entry) => `${name}.${entry}`);
  });
  const pages =
    argument === 'page' ? ['overview', 'errors', 'examples', 'accounts', 'limits', 'parallel'] : [];
  return argument === 'function' ? functions : [...pages, ...runtime.catalog.names(), ...functions];
}

/** The option that a word is, if it is one and its value is not in it. */
function optionOf(command: Command, word: string | undefined): Option | null {
  if (word === undefined) return null;
  return command.options.find((option) => option.long === word || option.short === word) ?? null;
}

function valuesOf(option: Option, runtime: Runtime, command: string): string[] {
  if (option.argChoices !== undefined) return [...option.argChoices];
  if (option.flags.includes('true|false')) return ['true', 'false'];
  if (option.long === '--in') return [...runtime.catalog.names()];
  if (option.long !== '--account') return [];
  const integration = runtime.catalog.get(command.slice('integrations:'.length));
  const names = integration === undefined ? runtime.catalog.names() : [integration.name];
  return [localAccountName, ...names.flatMap((name) => runtime.state.accounts.names(name))];
}

/** The words that are no options and no values of options. */
function operandsOf(command: Command, words: readonly string[]): string[] {
  const operands: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (!word.startsWith('-')) operands.push(word);
    else if (optionOf(command, word)?.required === true) index += 1;
  }
  return operands;
}
