import { type Command, InvalidArgumentError, Option } from 'commander';
import { localAccountName } from '../../runtime/local-server.ts';
import { KosmoError } from '../../support/errors.ts';
import type { PolicyOptions } from '../run-policy.ts';
import { type Format, formats } from '../show/data.ts';
import { type Given, readAssignment } from './merge.ts';

/** What every call can be told, whatever its function. */
export interface CallOptions extends PolicyOptions {
  readonly arg?: readonly Given[];
  readonly json?: true;
  readonly output?: Format;
  readonly select?: string;
  readonly paginate?: true;
  readonly dryRun?: true;
  readonly local?: true;
  readonly account?: string;
  readonly timeout?: number;
  readonly header?: Readonly<Record<string, string>>;
  readonly idempotencyKey?: string;
}

/**
 * Gives a command the options of every call.
 * @param api false for a tool of an MCP server, which has no accounts, pages or headers
 */
export function addCallOptions(command: Command, api = true): Command {
  command
    .option('--arg <name=value>', 'an argument; a.b=x goes inside, a:=JSON is JSON', assignment)
    .option('--json', 'print an object: function, success, data, error, meta')
    .addOption(new Option('--output <format>', 'how data is shown (table)').choices(formats))
    .option('--select <path>', 'show a part: a JSONPath such as data[*].id');
  if (api) command.option('--paginate', 'read the whole list; print a line of JSON per row');
  command.option('--dry-run', 'show the request, secrets taken out; send nothing');
  if (api) {
    command
      .option('--local', 'the local server; short for --account localhost')
      .option('--account <name>', 'the account to call with (default)');
  }
  command
    .option('--force', 'skip approvals, but never what is denied')
    .option('--read-only', 'deny a call that would change something')
    .option('--allow <pattern>', 'functions that need no approval: create_*', pattern)
    .option('--deny <pattern>', 'functions that may not be called: delete_*', pattern);
  if (api) command.option('--max-calls <number>', 'with --paginate, how many pages may be read', count);
  command.option('--timeout <seconds>', 'time the call may take, waiting included', seconds);
  if (!api) return command;
  return command
    .option('--header <name=value>', 'a header beside those of the operation', header)
    .option('--idempotency-key <key>', 'lets the API do a repeated call only once');
}

function assignment(text: string, before: readonly Given[] = []): readonly Given[] {
  return [...before, readAssignment(text)];
}

function header(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const match = /^([^=:\s]+)\s*[=:]\s*([\s\S]*)$/.exec(text);
  if (match === null) throw new InvalidArgumentError('It takes NAME=VALUE.');
  const [, name = '', value = ''] = match;
  return { ...before, [name]: value };
}

function pattern(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('It takes a whole number above 0.');
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It takes a number above 0.');
  return value;
}

/**
 * The account that a call is made with; null for the default one.
 * @param named the account in the function's name, `workos.work.list_users`
 * @throws KosmoError `usage` when two of them differ
 */
export function accountOf({ local, account }: CallOptions, named: string | null): string | null {
  const wanted = [
    ...(local === true ? [{ source: '--local', name: localAccountName }] : []),
    ...(account === undefined ? [] : [{ source: `--account ${account}`, name: account }]),
    ...(named === null ? [] : [{ source: `the account ${named} in the function’s name`, name: named }]),
  ];
  const [first, ...others] = wanted;
  const other = others.find(({ name }) => name !== first?.name);
  if (first !== undefined && other !== undefined) {
    throw new KosmoError('usage', `${first.source} and ${other.source} contradict each other.`, {
      hint: 'Give one of them.',
    });
  }
  return first?.name ?? null;
}
