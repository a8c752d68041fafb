import { Command, InvalidArgumentError } from 'commander';
import { type LuaRunResult, Runtime } from '../../runtime/index.ts';
import { localAccountName } from '../../runtime/local-server.ts';
import { exitCodeOf, failure, KosmoError } from '../../support/errors.ts';
import { terminalApprover } from '../approve.ts';
import { attendServers, showTools } from '../attend-servers.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { luaEnvelope } from '../envelope.ts';
import { readerGone, writeAlong, writeOut, writeWarnings } from '../output.ts';
import { readProgram } from '../program.ts';
import { Progress } from '../progress.ts';
import { renderError } from '../render-error.ts';
import { renderOverflow } from '../render-overflow.ts';
import { renderPlanned } from '../render-planned.ts';
import { renderResult } from '../render-result.ts';
import { checkRunPolicy, type PolicyOptions, runPolicyOf } from '../run-policy.ts';

interface Options extends PolicyOptions {
  readonly eval?: string;
  readonly json?: true;
  readonly local?: true;
  readonly account?: string;
  readonly allowFiles?: readonly string[];
  readonly dryRun?: true;
  readonly cpuLimit?: number;
  readonly memoryLimit?: number;
  readonly timeout?: number;
  readonly seed?: number;
  readonly now?: number;
  readonly check?: true;
  readonly repl?: true;
}

type Name = 'integrations:lua' | 'mcp:lua';

/** Runs a program against the integrations and MCP servers. */
export const integrationsLua = luaDefinition('integrations:lua');

/** Runs a program against MCP servers only. */
export const mcpLua = luaDefinition('mcp:lua');

function luaDefinition(name: Name): CommandDefinition {
  return {
    define: () => luaCommand(name),
    errorEnvelope: (error) => luaEnvelope({ error }),
    run: (invocation) => lua(name, invocation),
  };
}

async function lua(name: Name, { args, command, thread }: Invocation): Promise<number> {
  const options = command.opts<Options>();
  if (options.repl === true) {
    const { repl } = await import('./lua-repl.ts');
    const runtime = new Runtime({ command: name }, thread);
    checkRunPolicy(options, runtime);
    return repl(runtime, {
      ...settingsOf(options),
      given: args[0] !== undefined || options.eval !== undefined || options.json === true,
      integrations: name === 'integrations:lua',
    });
  }
  const program = await readProgram(args[0], options.eval);
  if (options.check === true) {
    const { check } = await import('./lua-check.ts');
    return check(
      new Runtime({}, thread),
      { ...program, integrations: name === 'integrations:lua' },
      options.json === true,
    );
  }
  const json = options.json === true;
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  let unread = false;
  const onOutput = () => {
    const write = writeAlong(() => {
      unread = true;
      interrupt.abort();
    });
    return (text: string) => {
      progress.clear();
      write(text);
    };
  };
  const runtime = new Runtime({ command: name }, thread);
  checkRunPolicy(options, runtime);
  const started = performance.now();
  const progress = new Progress(program.name);
  try {
    const approve = json ? null : terminalApprover();
    attendServers(runtime, progress, !json);
    const running = runtime.lua({
      ...program,
      ...settingsOf(options),
      integrations: name === 'integrations:lua',
      signal: interrupt.signal,
      onProgress: showTools(progress),
      ...(approve === null ? {} : { approve: (request) => progress.aside(() => approve(request)) }),
      ...(json ? {} : { onOutput: onOutput() }),
    });
    // After the program was sent to its thread, which need not wait for it.
    process.once('SIGINT', onSignal);
    const outcome = await running;
    runtime.endThreads();
    progress.end();
    if (unread) return readerGone;
    const elapsed = performance.now() - started;
    const error = interrupt.signal.aborted
      ? failure('interrupted', 'The run was interrupted.')
      : outcome.error;
    if (json) {
      const meta = runMeta(outcome, runtime.warnings);
      await writeOut(`${luaEnvelope({ ...outcome, error, elapsed, meta })}\n`);
    } else {
      if (error === null && outcome.returned) await writeOut(renderResult(outcome.result));
      if (outcome.cut !== null) process.stderr.write(renderOverflow(outcome.cut));
      if (outcome.planned !== null) process.stderr.write(renderPlanned(outcome.planned));
      if (error !== null) process.stderr.write(renderError(error));
      writeWarnings(runtime.warnings);
    }
    return error === null ? 0 : exitCodeOf(error);
  } finally {
    progress.end();
    process.removeListener('SIGINT', onSignal);
    await runtime.release();
  }
}

/** What an envelope says beside what came of the program. */
function runMeta({ runId, planned, cut }: LuaRunResult, warnings: readonly string[]) {
  return {
    run: runId,
    ...(planned === null ? {} : { planned }),
    ...(cut === null ? {} : { overflow: cut }),
    ...(warnings.length === 0 ? {} : { warnings: [...warnings] }),
  };
}

function luaCommand(name: Name): Command {
  const command = new Command(`kosmo ${name}`)
    .argument('[file]', 'the program; - or nothing reads it from stdin')
    .option('--eval <code>', 'the program itself')
    .option('--json', 'print one JSON object: output, result, error, calls')
    .option('--repl', 'type lines and see what they give; :help says more')
    .option('--check', 'find unknown functions and wrong arguments; run nothing')
    .option('--cpu-limit <seconds>', 'CPU time the program may use (30)', positive)
    .option('--memory-limit <bytes>', 'memory the program may use: 33554432, 64M (32M)', bytes)
    .option('--timeout <seconds>', 'time the run may take, waiting included (600)', positive)
    .option('--seed <number>', 'repeat the same random numbers and order of keys', integer)
    .option('--now <time>', 'stop its clock at a time: 2026-01-31T12:00:00Z', time);
  if (name === 'mcp:lua') {
    return withPolicy(command.summary('runs a Lua program against MCP servers only')).addHelpText(
      'after',
      `
Examples:
  kosmo mcp:lua --eval 'dump(mcp.servers())' --json
  kosmo mcp:lua --force --eval 'return app.mcp.github.search_issues{ query = "bug" }'
`,
    );
  }
  return withPolicy(
    command
      .summary('runs a Lua program against the integrations and MCP servers')
      .option('--local', 'short for --account localhost: the local server, no account and no network')
      .option('--account <name>', 'the account of calls that name none (default)')
      .option('--allow-files <folder>', 'a folder whose files its calls may send', collect),
  ).addHelpText(
    'after',
    `
Examples:
  kosmo integrations:lua --local --eval 'dump(docs.search("list users"))'
  kosmo integrations:lua workflow.lua --force --json
  echo 'print(docs.read("workos"))' | kosmo integrations:lua

Exit codes: 0 done, 1 failed, 2 usage, 3 needs approval or denied,
            4 not configured, 5 a limit was hit, 130 interrupted
`,
  );
}

/** What a run may call, and how much of it. */
function withPolicy(command: Command): Command {
  return command
    .option('--force', 'skip approvals, but never what is denied')
    .option('--read-only', 'deny every call that would change something')
    .option('--dry-run', 'make reads; list the writes and what they would send')
    .option('--allow <pattern>', 'functions that need no approval in this run: create_*', collect)
    .option('--deny <pattern>', 'functions that this run may not call: workos.delete_*', collect)
    .option('--max-calls <number>', 'calls the program may make (1000)', count)
    .option('--max-writes <number>', 'of them, how many may change something (100)', count);
}

/** What the options say of how a program runs. */
function settingsOf(options: Options) {
  const account = accountOf(options);
  return {
    ...(account === null ? {} : { account }),
    dryRun: options.dryRun === true,
    ...runPolicyOf(options),
    files: options.allowFiles ?? [],
    limits: limitsOf(options),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.now === undefined ? {} : { now: options.now }),
  };
}

function accountOf({ local, account }: Options): string | null {
  if (local !== true) return account ?? null;
  if (account !== undefined && account !== localAccountName) {
    throw new KosmoError('usage', `--local and --account ${account} contradict each other.`, {
      hint: 'Give one of them.',
    });
  }
  return localAccountName;
}

function limitsOf({ cpuLimit, memoryLimit, timeout }: Options) {
  return {
    ...(cpuLimit === undefined ? {} : { cpuSeconds: cpuLimit }),
    ...(memoryLimit === undefined ? {} : { memoryBytes: memoryLimit }),
    ...(timeout === undefined ? {} : { wallSeconds: timeout }),
  };
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function count(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError('It takes a whole number, 0 or more.');
  }
  return value;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It takes a number above 0.');
  return value;
}

function integer(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('It takes a whole number.');
  return value;
}

/** ISO 8601, as milliseconds since 1970. */
function time(text: string): number {
  const value = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(value)) {
    throw new InvalidArgumentError('It takes a time in ISO 8601, such as 2026-01-31T12:00:00Z.');
  }
  return value;
}

const units: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

function bytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([KMG]?)(?:i?B)?$/i.exec(text);
  const value = Number(match?.[1]) * (units[match?.[2]?.toUpperCase() ?? ''] ?? 1);
  if (match === null || value < 1) throw new InvalidArgumentError('It takes bytes, such as 33554432 or 64M.');
  return Math.floor(value);
}
