import { Command, Option } from 'commander';
import type { Argument } from '../../call/index.ts';
import { firstSentence, typeWords } from '../../docs/index.ts';
import { resolve, type SchemaLookup } from '../../manifest/index.ts';
import { stringifyJson } from '../../support/json.ts';
import { typesIn } from './coerce.ts';
import type { Given } from './merge.ts';
import { addCallOptions } from './options.ts';

const heading = 'Arguments (as flags, with --arg, or in the JSON):';

/**
 * Gives a command a flag for each argument of a function, before it has options of its own. An argument whose flag
 * every call has is left to `--arg`.
 * @returns reads what was given by these flags, once the command line is parsed
 */
export function addFunctionFlags(
  command: Command,
  known: readonly Argument[],
  hasBody: boolean,
  lookup: SchemaLookup,
): () => Given[] {
  const taken = new Set([
    'help',
    ...addCallOptions(new Command()).options.map((option) => option.attributeName()),
  ]);
  const flags: { readonly option: Option; readonly path: string }[] = [];
  const add = (name: string, type: string, description: string, boolean: boolean, hidden = false) => {
    const flag = name.replaceAll('_', '-');
    if (!/^[a-z][a-z0-9-]*$/i.test(flag) || flag.startsWith('no-')) return;
    const option = new Option(`--${flag} ${boolean ? '[true|false]' : `<${type}>`}`, description)
      .argParser((text: string, before: unknown) => [...(Array.isArray(before) ? before : []), text])
      .helpGroup(heading);
    if (taken.has(option.attributeName())) return;
    taken.add(option.attributeName());
    command.addOption(hidden ? option.hideHelp() : option);
    // The other way of saying false; --help need not say everything twice.
    if (boolean) command.addOption(new Option(`--no-${flag}`).hideHelp());
    flags.push({ option, path: name });
  };
  const ordered = [...known].sort((a, b) => Number(b.required) - Number(a.required));
  for (const argument of ordered) {
    const types = typesIn(argument.schema, lookup);
    const boolean =
      types.has('boolean') && !types.has('string') && !types.has('object') && !types.has('array');
    add(argument.name, shortType(types), describe(argument, lookup), boolean);
    if (argument.alias !== null) add(argument.alias, shortType(types), '', boolean, true);
  }
  if (hasBody) add('body', 'json', 'the whole body as JSON', false);
  return () =>
    flags.flatMap(({ option, path }): Given[] => {
      const value: unknown = command.getOptionValue(option.attributeName());
      if (value === undefined) return [];
      // A flag that stands alone says true, and one with no- before it false.
      const texts = Array.isArray(value) ? value.map(String) : [String(value === true)];
      return [{ source: `--${path.replaceAll('_', '-')}`, path: [path], texts }];
    });
}

function shortType(types: ReadonlySet<string>): string {
  const [first] = [...types].filter((type) => type !== 'null');
  if (types.has('string')) return 'text';
  if (first === 'object') return 'json';
  if (first === 'array') return 'item…';
  return first ?? 'value';
}

/** What the argument is, in few words: meaning, type, default, whether it is needed. */
function describe(argument: Argument, lookup: SchemaLookup): string {
  const { default: standard } = resolve(argument.schema, lookup);
  const sentence = firstSentence(argument.description).replace(/\.$/, '');
  const notes = [
    ...(argument.required ? ['required'] : []),
    typeWords(argument.schema, lookup).replaceAll('`', ''),
    ...(standard === undefined || standard === null ? [] : [`default ${stringifyJson(standard)}`]),
    ...(argument.alias === null ? [] : [`also --${argument.alias.replaceAll('_', '-')}`]),
  ];
  return `${sentence}${sentence === '' ? '' : ' '}(${notes.join('; ')})`;
}
