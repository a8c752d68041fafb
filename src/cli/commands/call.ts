import { Command } from 'commander';
import { type ApprovalRequest, argumentsOf, type CallOutcome, type CallRequest } from '../../call/index.ts';
import { shellWord } from '../../docs/index.ts';
import { serverOf, unknownTool } from '../../mcp/index.ts';
import { type CallSettings, Runtime } from '../../runtime/index.ts';
import { exitCodeOf, type Failure, failure, KosmoError } from '../../support/errors.ts';
import type { JsonValue } from '../../support/json.ts';
import { terminalApprover } from '../approve.ts';
import { attendServers, showTools } from '../attend-servers.ts';
import { addFunctionFlags } from '../call/function-flags.ts';
import { addFunctionHelp } from '../call/help.ts';
import { readArguments } from '../call/json-source.ts';
import { type Given, mergeArguments, type Shape } from '../call/merge.ts';
import { accountOf, addCallOptions, type CallOptions } from '../call/options.ts';
import { findTarget, readTarget, type Target } from '../call/target.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { callEnvelope } from '../envelope.ts';
import { readerGone, writeOut, writeWarnings } from '../output.ts';
import { Progress } from '../progress.ts';
import { renderError } from '../render-error.ts';
import { checkRunPolicy, runPolicyOf } from '../run-policy.ts';
import { type Format, renderData, rowsOf } from '../show/data.ts';
import { renderRequest } from '../show/request.ts';
import { readSelection, type Selection } from '../show/select.ts';

/** Whose functions a command calls, and how it is called itself. */
export interface CallScope {
  /** The integration whose functions need no prefix; null for any integration's. */
  readonly integration: string | null;
  /** As the shell has it: `kosmo integrations:call`. */
  readonly command: string;
  /** The MCP server whose tools they are; null for an API. */
  readonly server: string | null;
  /** How many arguments stand before the function: `mcp:call SERVER TOOL` has one. */
  readonly leading: 0 | 1;
}

/** A command that calls a function: any integration's, one's, or a tool of an MCP server. */
export class CallDefinition implements CommandDefinition {
  readonly #scope: CallScope;
  readonly #integration: string | null;
  readonly #runtime: Runtime;
  #flags: () => Given[] = () => [];

  constructor(runtime: Runtime, scope: CallScope) {
    this.#runtime = runtime;
    this.#scope = scope;
    this.#integration = scope.integration;
  }

  /** A server's tools are known when it has been asked. */
  async prepare(args: readonly string[]): Promise<void> {
    const { server } = this.#scope;
    if (server === null) return;
    // A server is told whether somebody can be asked when it is reached, which is now.
    attendServers(this.#runtime, null, !args.includes('--json'));
    const integration = await this.#runtime.mcp.integration(server);
    if ('reader' in integration) return;
    await this.#runtime.release();
    throw KosmoError.of(integration);
  }

  /** @param args what is on the command line: naming a function, it has that function's flags and help */
  define(args: readonly string[] = []): Command {
    const command = this.#base();
    const target = findTarget(
      this.#runtime.catalog,
      this.#integration,
      this.#withOptions(this.#base()),
      args,
      this.#scope.leading,
    );
    if (target === null) {
      // A function that is not there is told of when it is called, whatever its flags.
      if (args.some((word) => !word.startsWith('-'))) command.allowUnknownOption().allowExcessArguments();
      return this.#withOptions(command).addHelpText('after', this.#examples());
    }
    const shape = shapeOf(target);
    const name = this.#integration === null ? `${target.integration}.${target.function}` : target.function;
    command.name(`${command.name()} ${name}`).usage('[json] [options]');
    const hasBody = shape.body !== null && this.#scope.server === null;
    this.#flags = addFunctionFlags(command, shape.arguments, hasBody, shape.lookup);
    addFunctionHelp(command, target.integration, operationsOf(target), shape.lookup);
    return this.#withOptions(command);
  }

  #withOptions(command: Command): Command {
    return addCallOptions(command, this.#scope.server === null);
  }

  #base(): Command {
    const { server, leading, command: name } = this.#scope;
    if (server !== null) {
      const command = new Command(name)
        .summary(`calls a tool of the MCP server ${server}`)
        .description(
          `Calls a tool of the MCP server ${server}. After a tool’s name, --help shows what it takes.`,
        );
      if (leading === 1) command.argument('<server>', 'the server');
      return command
        .argument('<tool>', 'one of its tools')
        .argument('[json]', 'its arguments as JSON, @FILE, or - for stdin; piped JSON is read too');
    }
    const title = this.#integration === null ? 'an integration' : this.#integration;
    return new Command(name)
      .summary(`calls a function of ${title}`)
      .description(`Calls a function of ${title}. After a function’s name, --help shows what it takes.`)
      .argument('<function>', this.#integration === null ? 'such as workos.list_users' : 'such as list_users')
      .argument('[json]', 'its arguments as JSON, @FILE, or - for stdin; piped JSON is read too');
  }

  #examples(): string {
    const { server } = this.#scope;
    if (server !== null) return `\nkosmo mcp:tools ${server} lists its tools.\n`;
    const call = this.#integration === null ? 'call workos.' : `${this.#integration} `;
    const known = this.#integration === null || this.#integration === 'workos';
    if (!known) return `\nkosmo integrations:docs ${this.#integration} lists its functions.\n`;
    return `
Examples:
  kosmo integrations:${call}list_organizations --limit 5 --local
  kosmo integrations:${call}create_organization '{"name":"Acme"}' --dry-run --local
  kosmo integrations:${call}list_users --paginate --select email --local
  kosmo integrations:${call}list_users --help
`;
  }

  errorEnvelope(error: Failure, args: readonly string[]): string {
    const named = args.filter((word) => !word.startsWith('-'))[this.#scope.leading] ?? '';
    const name = this.#integration === null ? named : `${this.#integration}.${named}`;
    return callEnvelope({ function: name, data: null, error });
  }

  async run({ args, command }: Invocation): Promise<number> {
    const options = command.opts<CallOptions>();
    checkRunPolicy(options, this.#runtime);
    const [name = '', json] = args.slice(this.#scope.leading);
    const target = readTarget(this.#runtime.catalog, this.#integration, name);
    const { server } = this.#scope;
    if (server !== null && target.installed !== null && target.entries.length === 0) {
      await this.#runtime.release();
      throw KosmoError.of({
        ...unknownTool(server, target.function, target.installed),
        hint: `kosmo mcp:tools ${server} lists them.`,
      });
    }
    const selection = options.select === undefined ? null : await readSelection(options.select);
    const account = accountOf(options, target.account);
    // What a function that is not there would be given is not looked at.
    const given = target.entries.length === 0 ? {} : await readArguments(json);
    const shape = shapeOf(target);
    const keyed = withIdempotencyKey(options, target);
    const request: CallRequest = {
      integration: target.integration,
      account,
      function: target.function,
      args: mergeArguments(given, [...(options.arg ?? []), ...this.#flags(), ...keyed.given], shape),
      headers: keyed.headers,
    };
    const call = new OneCall(this.#runtime, request, options, selection);
    try {
      return await call.run();
    } finally {
      await this.#runtime.release();
    }
  }
}

/** A call on its way: made, shown, and told of by an exit code. */
class OneCall {
  readonly #runtime: Runtime;
  readonly #request: CallRequest;
  readonly #options: CallOptions;
  readonly #selection: Selection | null;
  readonly #started = performance.now();
  readonly #interrupt = new AbortController();
  readonly #progress: Progress;
  #timedOut = false;

  constructor(runtime: Runtime, request: CallRequest, options: CallOptions, selection: Selection | null) {
    this.#runtime = runtime;
    this.#request = request;
    this.#progress = new Progress(request.function);
    this.#options = options;
    this.#selection = selection;
    attendServers(runtime, this.#progress, options.json !== true);
    const { json, output, paginate, dryRun } = options;
    if (json === true && output !== undefined && output !== 'json') {
      throw new KosmoError('usage', `--json and --output ${output} contradict each other.`, {
        hint: 'Give one of them: --json prints an envelope around the data, --output the data alone.',
      });
    }
    if (paginate === true && dryRun === true) {
      throw new KosmoError(
        'usage',
        '--paginate and --dry-run contradict each other: nothing sent has no next page.',
        {
          hint: 'Give one of them.',
        },
      );
    }
  }

  async run(): Promise<number> {
    const onSignal = () => this.#interrupt.abort();
    process.once('SIGINT', onSignal);
    const { timeout } = this.#options;
    const timer =
      timeout === undefined
        ? null
        : setTimeout(() => {
            this.#timedOut = true;
            this.#interrupt.abort();
          }, timeout * 1000);
    try {
      return await (this.#options.paginate === true ? this.#runPages() : this.#runOnce());
    } finally {
      this.#progress.end();
      if (this.#options.json !== true) writeWarnings(this.#runtime.warnings);
      process.removeListener('SIGINT', onSignal);
      if (timer !== null) clearTimeout(timer);
    }
  }

  async #runOnce(): Promise<number> {
    const outcome = await this.#runtime.call(this.#request, this.#settings());
    this.#progress.end();
    const error = outcome.ok ? null : this.#errorOf(outcome);
    const data = outcome.ok ? this.#selected(outcome.value) : null;
    if (this.#options.json === true) {
      const next = outcome.ok && outcome.page !== null ? { next: outcome.page.next } : {};
      return this.#writeEnvelope(outcome, data, error, next);
    }
    if (error !== null) return this.#writeError(error);
    const { output } = this.#options;
    if (this.#options.dryRun === true && output === undefined && this.#selection === null) {
      await writeOut(renderRequest(data));
      return 0;
    }
    const page = outcome.ok ? outcome.page : null;
    const items = this.#selection === null ? (page?.items ?? null) : null;
    await writeOut(await renderData(data, output ?? 'table', items));
    if (output === undefined && process.stderr.isTTY) this.#sayMore(data, items, page?.next != null);
    return 0;
  }

  /** What a person would ask next: whether it worked, whether there is more. */
  #sayMore(data: JsonValue, items: string | null, goesOn: boolean): void {
    const rows = rowsOf(data, items);
    if (data === null) process.stderr.write('Done.\n');
    else if (rows?.length === 0) process.stderr.write('Nothing found.\n');
    else if (goesOn)
      process.stderr.write(`${rows?.length ?? 0} rows; there are more: --paginate reads them all.\n`);
  }

  /** Reads a list to its end. As lines, no more than a page is held at a time. */
  async #runPages(): Promise<number> {
    const { json, output } = this.#options;
    const lines = json !== true && (output ?? 'jsonl') === 'jsonl';
    const all: JsonValue[] = [];
    let pages = 0;
    let count = 0;
    let last: CallOutcome | null = null;
    let error: Failure | null = null;
    for await (const outcome of this.#runtime.pages(this.#request, {
      ...this.#settings(),
      callLimits: { calls: this.#options.maxCalls ?? Number.POSITIVE_INFINITY },
    })) {
      last = outcome;
      if (!outcome.ok) {
        error = this.#errorOf(outcome);
        break;
      }
      const rows = rowsOf(outcome.value, outcome.page?.items ?? '');
      if (rows === null) {
        error = failure(
          'invalid_arguments',
          `--paginate: ${this.#request.function} does not answer with a list.`,
          {
            hint: 'Call it without --paginate.',
            details: { operation: outcome.record.function },
          },
        );
        break;
      }
      pages += 1;
      count += rows.length;
      const shown = rows.flatMap((row) => this.#selectedRow(row));
      this.#progress.say(`${pages} pages, ${count} rows`);
      if (!lines) {
        all.push(...shown);
        continue;
      }
      this.#progress.clear();
      if (!(await writeOut(await renderData(shown, 'jsonl', null)))) return readerGone;
    }
    this.#progress.end();
    if (json === true && last !== null) return this.#writeEnvelope(last, all, error, { pages, rows: count });
    if (!lines) await writeOut(await renderData(all, (output ?? 'jsonl') satisfies Format, null));
    return error === null ? 0 : this.#writeError(error);
  }

  #settings(): CallSettings {
    const { json, dryRun } = this.#options;
    const approve = json === true ? null : terminalApprover();
    return {
      ...runPolicyOf(this.#options),
      preview: dryRun === true,
      // Who names a file on the command line means it to be read.
      files: 'any',
      signal: this.#interrupt.signal,
      onProgress: showTools(this.#progress),
      ...(approve === null
        ? {}
        : { approve: (request: ApprovalRequest) => this.#progress.aside(() => approve(request)) }),
    };
  }

  #selected(value: JsonValue): JsonValue {
    return this.#selection === null ? value : (this.#selection.of(value) ?? null);
  }

  /** What is selected of a row; a row where nothing is there has none. */
  #selectedRow(row: JsonValue): JsonValue[] {
    if (this.#selection === null) return [row];
    const found = this.#selection.of(row);
    if (found === undefined) return [];
    return this.#selection.single || !Array.isArray(found) ? [found] : found;
  }

  /** A call that was broken off says by whom. */
  #errorOf({ error, record }: Extract<CallOutcome, { ok: false }>): Failure {
    if (!this.#interrupt.signal.aborted) return withHint(error, this.#request);
    const sent = record.attempts > 0 && record.effect !== 'read';
    const maybe = sent ? ` ${record.function} was sent, and may have happened.` : '';
    const details = { operation: record.function };
    if (this.#timedOut)
      return failure('time_limit', `The call took more than ${this.#options.timeout} s.${maybe}`, {
        details,
      });
    return failure('interrupted', `The call was interrupted.${maybe}`, { details });
  }

  async #writeEnvelope(
    { record }: CallOutcome,
    data: JsonValue,
    error: Failure | null,
    more: Readonly<Record<string, JsonValue>>,
  ): Promise<number> {
    const { account, effect, status, attempts, request_id } = record;
    const { value, overflow } = this.#runtime.shown(data);
    const { warnings } = this.#runtime;
    await writeOut(
      `${callEnvelope({
        function: record.function,
        data: value,
        error,
        meta: {
          account,
          effect,
          status,
          attempts,
          request_id,
          ...(this.#options.dryRun === true ? { dry_run: true } : {}),
          ...more,
          ...(overflow === null ? {} : { overflow: { ...overflow } }),
          ...(warnings.length === 0 ? {} : { warnings: [...warnings] }),
        },
        elapsed: performance.now() - this.#started,
      })}\n`,
    );
    return error === null ? 0 : exitCodeOf(error);
  }

  #writeError(error: Failure): number {
    process.stderr.write(renderError(error));
    return exitCodeOf(error);
  }
}

/** What to do next, as a command. */
function withHint(error: Failure, { integration, function: name }: CallRequest): Failure {
  const server = serverOf(integration);
  if (error.code === 'invalid_arguments') {
    const command = server === null ? `integrations:${integration}` : `mcp:call ${server}`;
    return { ...error, hint: `kosmo ${command} ${name} --help shows what it takes.` };
  }
  if (server !== null) return error;
  const lost = error.code === 'unknown_function' && error.details['suggestions'];
  if (!Array.isArray(lost) || lost.length > 0) return error;
  return { ...error, hint: `kosmo integrations:search ${shellWord(name)} finds functions by what they do.` };
}

/** `integrations:call`: calls one function of any integration. */
export function integrationsCall(): CommandDefinition {
  const command = 'integrations:call';
  return new CallDefinition(new Runtime({ command }), {
    integration: null,
    command: `kosmo ${command}`,
    server: null,
    leading: 0,
  });
}

/** The short form of a call to an installed integration; null when none has that name. */
export function shortForm(integration: string): CommandDefinition | null {
  const command = `integrations:${integration}`;
  const runtime = new Runtime({ command });
  const installed = runtime.catalog.get(integration);
  if (installed === undefined) return null;
  return new CallDefinition(runtime, {
    integration: installed.name,
    command: `kosmo integrations:${installed.name}`,
    server: null,
    leading: 0,
  });
}

function operationsOf({ installed, entries }: Target) {
  return installed === null ? [] : entries.map((entry) => installed.reader.operation(entry));
}

/** What a name's functions take, all of them together when they share it. */
function shapeOf(target: Target): Shape {
  const lookup = (name: string) => target.installed?.reader.schema(name);
  const operations = operationsOf(target);
  const all = operations.map((operation) => argumentsOf(operation, lookup));
  const known = new Map(all.flat().map((argument) => [argument.name, argument]));
  return {
    // What only some of them need is not needed.
    arguments: [...known.values()].map((argument) => ({
      ...argument,
      required: all.every((list) => list.some(({ name, required }) => name === argument.name && required)),
    })),
    body: operations.find(({ body }) => body !== null)?.body?.schema ?? null,
    lookup,
  };
}

/** The key goes where the operation takes it, else into the usual header. */
function withIdempotencyKey(
  { idempotencyKey, header = {} }: CallOptions,
  target: Target,
): { given: Given[]; headers: Readonly<Record<string, string>> } {
  if (idempotencyKey === undefined) return { given: [], headers: header };
  const name = 'idempotency_key';
  const takes = operationsOf(target).some(({ parameters }) =>
    parameters.some(({ argument }) => argument === name),
  );
  return takes
    ? { given: [{ source: '--idempotency-key', path: [name], value: idempotencyKey }], headers: header }
    : { given: [], headers: { ...header, 'idempotency-key': idempotencyKey } };
}
