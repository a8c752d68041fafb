import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Account, EnvironmentAccounts } from '../accounts/index.ts';
import {
  type ApprovalRequest,
  type CallLimits,
  type CallOutcome,
  CallPipeline,
  type CallRecord,
  type CallRequest,
  defaultCallLimits,
  literalIssues,
  OperationPlans,
  type Transport,
} from '../call/index.ts';
import { Catalog } from '../catalog/index.ts';
import type { Docs } from '../docs/index.ts';
import type { CheckHost, Finding } from '../lua/check/index.ts';
import {
  defaultLimits,
  type LuaLimits,
  LuaPool,
  type LuaWorker,
  runScript,
  type ScriptHost,
  type ScriptOutcome,
} from '../lua/index.ts';
import { McpServers } from '../mcp/index.ts';
import { type Failure, failureOf, KosmoError } from '../support/errors.ts';
import { productFolder } from '../support/installation.ts';
import type { LocalServer } from '../workos-local/index.ts';
import { keepLargeOutput } from './large-output.ts';
import { localAccount, localDatabase, openLocal } from './local-server.ts';
import { createScriptHost } from './script-host.ts';
import { Session } from './session.ts';
import { version } from './version.ts';

export interface RuntimeOptions {
  /** Where a user's state is; `$KOSMO_HOME`, else `~/.kosmo`. */
  readonly home?: string;
  /** Environment variables, which fill accounts; the process's own unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The local server's database; a file under `home` unless given, or `:memory:`. */
  readonly localDatabase?: string;
}

/** What a run may do. */
export interface RunSettings {
  /** The account of calls that name none. */
  readonly account?: string;
  /** Skips the policy's question, never its deny. */
  readonly force?: boolean;
  readonly readOnly?: boolean;
  readonly callLimits?: Partial<CallLimits>;
  /** Asks a person to approve a call; without it, what needs approval fails. */
  readonly approve?: (request: ApprovalRequest) => Promise<boolean>;
}

/** One Lua program and how to run it. */
export interface LuaRun extends RunSettings {
  readonly source: string | Uint8Array;
  /** As error messages call it: `workflow.lua`. */
  readonly name: string;
  readonly limits?: Partial<LuaLimits>;
  /** Makes random numbers and the order of keys the same in every run with it. */
  readonly seed?: number;
  /** The time the program sees all the while, in milliseconds since 1970. */
  readonly now?: number;
  /** False for a program that has only MCP servers. */
  readonly integrations?: boolean;
  /** Called with what the program prints, as it prints it. */
  readonly onOutput?: (text: string) => void;
  /** Ends the run. */
  readonly signal?: AbortSignal;
}

export interface LuaRunResult extends ScriptOutcome {
  readonly calls: readonly CallRecord[];
}

/** Everything kosmo does, for one process: builds each room when it is first needed. */
export class Runtime {
  readonly home: string;
  readonly catalog: Catalog;
  readonly #accounts: EnvironmentAccounts;
  readonly #plans = new OperationPlans();
  readonly #mcp = new McpServers();
  readonly #localDatabase: string;
  readonly #lua: LuaPool;
  #docs: Promise<Docs> | null = null;
  #http: Promise<Transport & { close(): Promise<void> }> | null = null;
  #local: Promise<LocalServer> | null = null;

  constructor(options: RuntimeOptions = {}, worker: LuaWorker | null = null) {
    const environment = options.environment ?? process.env;
    this.home = options.home ?? (environment['KOSMO_HOME'] || join(homedir(), '.kosmo'));
    this.catalog = Catalog.open(join(productFolder(), 'integrations'));
    this.#accounts = new EnvironmentAccounts(this.catalog, environment, [localAccount]);
    this.#localDatabase = options.localDatabase ?? localDatabase(this.home);
    this.#lua = new LuaPool(worker);
  }

  /** Runs a Lua program; several may run at once. Whatever the program does comes back as a value. */
  async lua(run: LuaRun): Promise<LuaRunResult> {
    const pipeline = this.#pipeline(run);
    const host = this.#scriptHost(run, pipeline);
    const limits = { ...defaultLimits, ...run.limits };
    let fault: Failure | null = null;
    let checked: Promise<void> | null = null;
    const ended = await this.#lua.run({
      source: run.source,
      name: run.name,
      host: {
        ...host,
        // Looked at when the first call is about to be made: a program without calls need not wait for it.
        call: async (request, signal, unwanted) => {
          checked ??= this.#certainFault(run, host).then((found) => {
            fault = found;
          });
          await checked;
          // The run is ended for its fault, so that this call is never answered.
          return fault === null ? host.call(request, signal, unwanted) : new Promise(() => undefined);
        },
      },
      limits,
      verdict: () => fault ?? pipeline.budget.exceeded,
      ...(run.onOutput === undefined ? {} : { onOutput: run.onOutput }),
      ...(run.signal === undefined ? {} : { signal: run.signal }),
      ...(run.seed === undefined ? {} : { seed: run.seed }),
      ...(run.now === undefined ? {} : { now: run.now }),
    });
    const outcome = keepLargeOutput(ended, limits, this.home);
    // A program that ends before anybody looked has hit its limit all the same.
    const exceeded = pipeline.budget.exceeded;
    const verdict = exceeded === null ? outcome : { ...outcome, ok: false, error: exceeded };
    return { ...verdict, calls: pipeline.records };
  }

  /** Opens a session: lines of Lua that share one state, each under the limits of a run. */
  openSession(run: Omit<LuaRun, 'source' | 'onOutput' | 'signal'>): Session {
    const worker = this.#lua.take();
    const names = this.#scriptHost(run, this.#pipeline(run));
    let stop = new AbortController();
    return new Session({
      run: async (source, onOutput) => {
        const pipeline = this.#pipeline(run);
        stop = new AbortController();
        const limits = { ...defaultLimits, ...run.limits };
        const ended = await runScript(worker, {
          source,
          name: run.name,
          host: this.#scriptHost(run, pipeline),
          limits,
          session: true,
          signal: stop.signal,
          verdict: () => pipeline.budget.exceeded,
          onOutput,
          ...(run.seed === undefined ? {} : { seed: run.seed }),
          ...(run.now === undefined ? {} : { now: run.now }),
        });
        const outcome = keepLargeOutput(ended, limits, this.home);
        return { ...outcome, calls: pipeline.records };
      },
      lookUp: async (path) => {
        const { result } = await worker.run({
          source: '',
          name: run.name,
          host: names,
          limits: { ...defaultLimits, ...run.limits },
          session: true,
          lookUp: path,
          ...(run.seed === undefined ? {} : { seed: run.seed }),
          ...(run.now === undefined ? {} : { now: run.now }),
        });
        return result;
      },
      interrupt: () => worker.interrupt(),
      stop: () => stop.abort(),
      resolve: (path) => names.resolve(path),
      argumentNames: ({ integration: name, function: operation }) => {
        const integration = this.catalog.get(name);
        const entries = integration?.find(operation) ?? [];
        return integration === undefined
          ? []
          : entries.flatMap((entry) => this.#plans.get(integration, entry).knownNames());
      },
    });
  }

  /**
   * Checks a program without running it.
   * @returns the error when it does not parse, and what is wrong with its calls as far as it is written out
   */
  async check(run: Pick<LuaRun, 'source' | 'name' | 'account' | 'integrations'>): Promise<{
    readonly error: Failure | null;
    readonly findings: readonly Finding[];
  }> {
    const host = this.#scriptHost(run, this.#pipeline(run));
    const { source, name } = run;
    const { error } = await this.#lua.run({
      source,
      name,
      host,
      limits: defaultLimits,
      parseOnly: true,
    });
    if (error !== null) return { error, findings: [] };
    const { checkProgram } = await import('../lua/check/index.ts');
    const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source;
    return { error, findings: checkProgram(bytes, this.#checkHost(host)) };
  }

  /** Makes one call. A refused or failed call is a value too. */
  call(
    request: CallRequest,
    settings: RunSettings & { readonly signal?: AbortSignal } = {},
  ): Promise<CallOutcome> {
    return this.#pipeline(settings).call(request, settings.signal ?? new AbortController().signal);
  }

  /** The documentation pages. */
  docs(): Promise<Docs> {
    this.#docs ??= import('../docs/index.ts').then(({ createDocs }) => createDocs(this.catalog));
    return this.#docs;
  }

  /** Ends what was started: the Lua thread, connections, the local server. */
  async close(): Promise<void> {
    const local = await this.#local?.catch(() => null);
    local?.close();
    this.catalog.close();
    await Promise.all([this.#lua.close(), this.#http?.then((http) => http.close())]);
  }

  /** As `close`, for a process that leaves at once: what the system takes back by itself is left to it. */
  async release(): Promise<void> {
    const local = await this.#local?.catch(() => null);
    local?.close();
  }

  #scriptHost(run: Pick<LuaRun, 'integrations'>, pipeline: CallPipeline): ScriptHost {
    return createScriptHost({
      catalog: this.catalog,
      accounts: this.#accounts,
      pipeline,
      mcp: this.#mcp,
      docs: () => this.docs(),
      integrations: run.integrations ?? true,
    });
  }

  #checkHost(host: ScriptHost): CheckHost {
    return {
      resolve: (path) => host.resolve(path),
      argumentIssues: (operation, args, made) => {
        const integration = this.catalog.get(operation.integration);
        if (integration === undefined) return [];
        return literalIssues(this.#plans, integration, operation.function, args, made).map(
          ({ message }) => message,
        );
      },
    };
  }

  async #certainFault({ source, name }: LuaRun, host: ScriptHost): Promise<Failure | null> {
    const { certainFault } = await import('./check.ts');
    return certainFault(source, name, this.#checkHost(host));
  }

  #pipeline(run: RunSettings): CallPipeline {
    const parts = {
      catalog: this.catalog,
      accounts: this.#accounts,
      plans: this.#plans,
      transport: (account: Account) => this.#transport(account),
      now: () => performance.now(),
      userAgent: `kosmo/${version}`,
    };
    return new CallPipeline(parts, {
      account: run.account ?? 'default',
      force: run.force ?? false,
      readOnly: run.readOnly ?? false,
      limits: { ...defaultCallLimits, ...run.callLimits },
      approve: run.approve ?? null,
    });
  }

  async #transport(account: Account): Promise<Transport | Failure> {
    if (!account.local) {
      this.#http ??= import('../transport/http.ts').then(({ createHttpTransport }) => createHttpTransport());
      return this.#http;
    }
    const { createInProcessTransport } = await import('../transport/in-process.ts');
    try {
      this.#local ??= openLocal(this.catalog, this.#localDatabase);
      return createInProcessTransport(await this.#local);
    } catch (error) {
      this.#local = null;
      if (error instanceof KosmoError) return failureOf(error);
      throw error;
    }
  }
}

/** Makes a runtime. Nothing is read or started before it is needed. */
export function createRuntime(options: RuntimeOptions = {}): Runtime {
  return new Runtime(options);
}
