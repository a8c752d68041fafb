import { didYouMean, nearestNames } from '../catalog/index.ts';
import { version } from '../runtime/version.ts';
import { KosmoError } from '../support/errors.ts';
import { commands, findCommand } from './commands.ts';
import { runCommand } from './run-command.ts';

/** What is not in the table of commands: `kosmo` alone, `help`, `completion`, `--version`, a mistyped name. */
export async function runTopLevel(name: string | undefined, args: readonly string[]): Promise<number> {
  if (name === '--version' || name === '-V') {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  // No line of the table: it reads the table.
  if (name === 'completion') {
    const { completion } = await import('./commands/completion.ts');
    return runCommand(completion, args, null);
  }
  const asksForHelp = name === undefined || name === '--help' || name === '-h' || name === 'help';
  const [topic, ...more] = args;
  if (asksForHelp && topic === undefined) {
    process.stdout.write(overview());
    return 0;
  }
  const wanted = asksForHelp ? (topic ?? '') : name;
  if (asksForHelp) {
    const group = groupOf(`${wanted.replace(/:$/, '')}:`);
    if (group.length > 0) {
      process.stdout.write(groupHelp(group));
      return 0;
    }
    if (wanted === 'completion') return runTopLevel(wanted, ['--help']);
    const definition = await findCommand(wanted);
    if (definition !== null) return runCommand(definition, [...more, '--help'], null);
  }
  const group = groupOf(`${wanted}:`);
  if (group.length > 0 && args.some((word) => word === '--help' || word === '-h')) {
    process.stdout.write(groupHelp(group));
    return 0;
  }
  throw await unknownCommand(wanted);
}

async function unknownCommand(name: string): Promise<KosmoError> {
  const { Runtime } = await import('../runtime/index.ts');
  const { catalog, mcp } = new Runtime();
  const shortForms = [
    ...catalog.names().map((integration) => `integrations:${integration}`),
    ...mcp.names().map((server) => `mcp:${server}`),
  ];
  const near = nearestNames(name, [...Object.keys(commands), ...shortForms, 'completion', 'help']);
  const [, integration] = /^integrations:([A-Za-z][\w-]*)$/.exec(name) ?? [];
  const { presetOf } = await import('../install/presets.ts');
  if (integration !== undefined && presetOf(integration) !== undefined) {
    return new KosmoError('usage', `The integration ${integration} is not installed.`, {
      hint: `kosmo integrations:add ${integration} adds it.`,
    });
  }
  const adds = integration !== undefined && near.length === 0;
  const begins = groupOf(`${name}:`).length > 0;
  return new KosmoError('usage', `There is no command ${name}.${didYouMean(near)}`, {
    hint: adds
      ? `kosmo integrations:add ${integration} --spec FILE|URL adds an API of that name.`
      : begins
        ? `kosmo help ${name} lists those that begin with ${name}:`
        : 'kosmo --help lists the commands.',
  });
}

/** The commands whose names begin so. */
function groupOf(prefix: string): string[] {
  return Object.keys(commands).filter((name) => name.startsWith(prefix));
}

/** One screen: which commands there are, and where to begin. */
function overview(): string {
  const names = Object.keys(commands);
  const prefixes = [...new Set(names.flatMap((name) => name.match(/^[^:]+:/) ?? []))];
  const width = Math.max(...prefixes.map((prefix) => prefix.length)) + 2;
  const lines = prefixes.map((prefix) => {
    const members = groupOf(prefix).map((name) => name.slice(prefix.length));
    return wrapped(prefix.padEnd(width), members, width);
  });
  lines.push(wrapped(''.padEnd(width), ['completion', 'help'], width));
  return `kosmo ${version}: short Lua programs against real APIs, under a policy

Usage: kosmo COMMAND [options]        such as kosmo integrations:list

${lines.join('\n')}

kosmo help integrations says what each of them does; kosmo COMMAND --help more.

Begin here, with no account and no network:
  kosmo integrations:search invite someone
  kosmo integrations:workos list_users --local
  kosmo integrations:lua examples/tour.lua --local
  kosmo integrations:docs overview
`;
}

/** Words on lines of 80 characters, the later lines as far in as the first. */
function wrapped(start: string, words: readonly string[], indent: number): string {
  const lines = [start];
  for (const word of words) {
    const line = lines.at(-1) ?? '';
    const separator = line.length > indent ? '  ' : '';
    if (line.length + separator.length + word.length > 80) lines.push(' '.repeat(indent) + word);
    else lines[lines.length - 1] = `${line}${separator}${word}`;
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}

function groupHelp(group: readonly string[]): string {
  const width = Math.max(...group.map((name) => name.length));
  const lines = group.map((name) => `  ${name.padEnd(width)}  ${commands[name]?.summary ?? ''}`);
  return `${lines.join('\n')}\n\nkosmo COMMAND --help says what it takes, with examples.\n`;
}
