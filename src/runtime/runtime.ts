import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Account, type AccountSource, type OpenAccounts, openAccounts } from '../accounts/index.ts';
import type { Approvals } from '../approvals/index.ts';
import {
  type CallJournal,
  type CallOutcome,
  CallPipeline,
  type CallRequest,
  DryRun,
  defaultCallLimits,
  defaultCallTimeout,
  Exchanges,
  literalIssues,
  type NamedCall,
  OperationPlans,
  type Transport,
  unrecorded,
} from '../call/index.ts';
import { Catalog } from '../catalog/index.ts';
import type { Docs, DocsScope } from '../docs/index.ts';
import type { Installer } from '../install/index.ts';
import type { RunJournal } from '../journal/index.ts';
import type { CheckHost, Finding } from '../lua/check/index.ts';
import { defaultLimits, LuaPool, runScript, type ScriptHost, type StartedThread } from '../lua/index.ts';
import { McpServers, namedServers, serverOf, type ToolProgress } from '../mcp/index.ts';
import { Results } from '../results/index.ts';
import { systemClock } from '../support/clock.ts';
import { type Failure, failureOf, KosmoError } from '../support/errors.ts';
import { productFolder } from '../support/installation.ts';
import { type JsonObject, type JsonValue, stringifyJson } from '../support/json.ts';
import type { LocalServer } from '../workos-local/index.ts';
import { keepFile, keepLargeOutput, keepLargeValue } from './large-output.ts';
import { localAccount, localDatabase, openLocal } from './local-server.ts';
import { type Reached, reach } from './reach.ts';
import { Recorder } from './recorder.ts';
import { createScriptHost } from './script-host.ts';
import { Session } from './session.ts';
import type {
  CallSettings,
  InstalledIntegration,
  LuaRun,
  LuaRunResult,
  RunSettings,
  RuntimeOptions,
} from './settings.ts';
import { askTokenServer } from './token-server.ts';
import { withToolAccounts } from './tool-accounts.ts';
import {
  type ArgumentsOf,
  type FunctionTypes,
  type NamesOf,
  type NoFunctions,
  type ResultOf,
  requestOf,
  type TypedOutcome,
} from './typed-call.ts';
import { version } from './version.ts';

/** How long the end of a run waits for webhook endpoints, in milliseconds. */
const webhookPatience = 500;

/** For runs that nobody follows. */
const unheard = () => undefined;

/** What a pipeline is for, beside what its run may do. */
interface PipelineSettings {
  /** The operations that the run's program names. */
  readonly named?: () => Promise<readonly NamedCall[]>;
  readonly dryRun?: DryRun | null;
  /** How many seconds the run may take. */
  readonly wallSeconds?: number;
  /** Where calls are written down; nowhere for a pipeline that makes none. */
  readonly journal?: CallJournal;
}

/** Everything kosmo does, for one process: builds each room when it is first needed. */
export class Runtime<Functions extends FunctionTypes<Functions> = NoFunctions> {
  readonly home: string;
  readonly catalog: Catalog;
  /** Accounts and the files they are kept in. */
  readonly state: OpenAccounts;
  readonly #plans = new OperationPlans();
  readonly #warnings = new Set<string>();
  readonly #exchanges = new Exchanges({
    clock: systemClock,
    random: Math.random,
    newKey: () => crypto.randomUUID(),
  });
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly mcp: McpServers;
  /** Values that were too long to show. */
  readonly results: Results;
  readonly #allAccounts: AccountSource;
  readonly #localDatabase: string;
  readonly #offline: boolean;
  readonly #recorder: Recorder;
  readonly #lua: LuaPool;
  #docs: Promise<Docs> | null = null;
  #approvals: Promise<Approvals> | null = null;
  #http: Promise<Transport & { close(): Promise<void> }> | null = null;
  #local: Promise<LocalServer> | null = null;

  constructor(options: RuntimeOptions = {}, thread: StartedThread | null = null) {
    const environment = options.environment ?? process.env;
    this.#environment = environment;
    this.home = options.home ?? (environment['KOSMO_HOME'] || join(homedir(), '.kosmo'));
    const folders = [join(this.home, 'integrations'), join(productFolder(), 'integrations')];
    this.catalog =
      options.integrations === undefined
        ? Catalog.open(...folders)
        : Catalog.openOnly(options.integrations, ...folders);
    this.state = openAccounts({
      catalog: this.catalog,
      environment,
      locals: [localAccount],
      home: this.home,
      tokens: async (request, signal) => askTokenServer(await this.#openHttp(), request, signal),
    });
    this.#allAccounts = withToolAccounts(
      this.state.accounts,
      (server) => this.mcp.configured.servers.get(server)?.rules ?? [],
    );
    this.mcp = new McpServers({
      home: this.state.home,
      vault: this.state.vault,
      folder: options.folder ?? process.cwd(),
      environment,
      catalog: this.catalog,
      version,
      ...(options.servers === undefined ? {} : { only: options.servers }),
    });
    this.results = new Results(this.home, systemClock);
    this.#localDatabase = options.localDatabase ?? localDatabase(this.home);
    this.#offline = options.offline ?? false;
    this.#recorder = new Recorder(this.home, options.command ?? 'library');
    this.#lua = new LuaPool(thread);
  }

  /**
   * What a person should know of, beside what came of a run: that the journal cannot be written, that arguments were
   * checked by their names alone.
   */
  get warnings(): readonly string[] {
    return [...this.#recorder.warnings, ...this.#warnings];
  }

  /** Runs a Lua program; several may run at once. Whatever the program does comes back as a value. */
  lua(run: LuaRun): Promise<LuaRunResult> {
    const { account, client, name: program, source } = run;
    return this.#recorder.run(
      { account, client, program, source },
      (journal) => this.#run(run, journal),
      ({ error }) => error?.code ?? null,
    );
  }

  async #run(run: LuaRun, journal: RunJournal): Promise<LuaRunResult> {
    const limits = { ...defaultLimits, ...run.limits };
    const pipeline = this.#pipeline(run, {
      named: () => this.#named(run, host),
      wallSeconds: limits.wallSeconds,
      journal,
    });
    const host: ScriptHost = this.#scriptHost(run, pipeline);
    let fault: Failure | null = null;
    let checked: Promise<void> | null = null;
    const ended = await this.#lua.run({
      source: run.source,
      name: run.name,
      host: {
        ...host,
        mcp: this.#startingTogether(run.source, host.mcp),
        // Looked at when the first call is about to be made: a program without calls need not wait for it.
        call: async (request, signal, unwanted) => {
          checked ??= this.#certainFault(run, host).then((found) => {
            fault = found;
          });
          await checked;
          // The run is ended for its fault, so that this call is never answered.
          if (fault !== null) return new Promise(() => undefined);
          const make = () => host.call(request, signal, unwanted);
          return run.onCall === undefined ? make() : run.onCall(request, make);
        },
      },
      limits,
      verdict: () => fault ?? pipeline.budget.exceeded ?? run.verdict?.() ?? null,
      ...(run.onOutput === undefined ? {} : { onOutput: run.onOutput }),
      ...(run.signal === undefined ? {} : { signal: run.signal }),
      ...(run.seed === undefined ? {} : { seed: run.seed }),
      ...(run.now === undefined ? {} : { now: run.now }),
    });
    const kept = keepLargeValue(ended.result, limits.outputBytes, this.home);
    const outcome = { ...keepLargeOutput(ended, limits.outputBytes, this.home), result: kept.value };
    // A program that ends before anybody looked has hit its limit all the same.
    const exceeded = pipeline.budget.exceeded;
    const verdict = exceeded === null ? outcome : { ...outcome, ok: false, error: exceeded };
    return {
      ...verdict,
      runId: journal.id,
      calls: pipeline.records,
      planned: pipeline.planned,
      cut: kept.overflow,
    };
  }

  /** Opens a session: lines of Lua that share one state, each under the limits of a run. */
  openSession(run: Omit<LuaRun, 'source' | 'onOutput' | 'signal'>): Session {
    const worker = this.#lua.take();
    const names = this.#scriptHost(run, this.#pipeline(run));
    const journal = this.#recorder.open({ account: run.account, client: run.client, program: run.name });
    let stop = new AbortController();
    return new Session({
      run: async (source, onOutput) => {
        const limits = { ...defaultLimits, ...run.limits };
        const pipeline = this.#pipeline(run, { wallSeconds: limits.wallSeconds, journal });
        stop = new AbortController();
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
        const outcome = keepLargeOutput(ended, limits.outputBytes, this.home);
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

  /** Makes one call of a function by its name, `workos.list_users`. A refused or failed call is a value too. */
  call<Name extends NamesOf<Functions>>(
    name: Name,
    args: ArgumentsOf<Functions, Name>,
    settings?: CallSettings,
  ): Promise<TypedOutcome<ResultOf<Functions, Name>>>;
  /** Makes one call. A refused or failed call is a value too. */
  call(request: CallRequest, settings?: CallSettings): Promise<CallOutcome>;
  call(called: string | CallRequest, second: object = {}, third: CallSettings = {}): Promise<unknown> {
    const byName = typeof called === 'string';
    const settings = byName ? third : second;
    // Whatever its type says, what is given is checked against the function's schema before it is sent.
    const request = byName ? requestOf(called, second as JsonObject) : called;
    return this.#call(request, settings);
  }

  #call(request: CallRequest, settings: CallSettings): Promise<CallOutcome> {
    const preview = settings.preview === true ? { dryRun: new DryRun('everything') } : {};
    const signal = settings.signal ?? new AbortController().signal;
    return this.#recorder.run(
      { account: request.account ?? settings.account, client: settings.client },
      (journal) => this.#pipeline(settings, { journal, ...preview }).call(request, signal),
      (outcome) => (outcome.ok ? null : outcome.error.code),
    );
  }

  /**
   * Reads a list page by page, one at a time, until it ends, a call fails, or nobody asks for more. Within
   * `callLimits`, which one list may use up.
   */
  async *pages(request: CallRequest, settings: CallSettings = {}): AsyncGenerator<CallOutcome> {
    const journal = this.#recorder.begin({
      account: request.account ?? settings.account,
      client: settings.client,
    });
    const pipeline = this.#pipeline(settings, { journal });
    const signal = settings.signal ?? new AbortController().signal;
    let args: JsonObject | null = request.args;
    let error: string | null = null;
    try {
      while (args !== null) {
        const outcome: CallOutcome = await pipeline.call({ ...request, args }, signal);
        // The line of every page would grow with the list.
        pipeline.records.length = 0;
        error = outcome.ok ? null : outcome.error.code;
        yield outcome;
        const next: JsonObject | null = outcome.ok ? (outcome.page?.next ?? null) : null;
        args = next !== null && stringifyJson(next) === stringifyJson(args) ? null : next;
      }
    } finally {
      journal.end({ error });
    }
  }

  /** A value as it may be shown to who reads JSON: one that is too large is cut, and kept whole in a file. */
  shown(value: JsonValue, limit = defaultLimits.outputBytes): ReturnType<typeof keepLargeValue> {
    return keepLargeValue(value, limit, this.home);
  }

  /** The installed integrations, and which accounts they have. */
  async integrations(): Promise<InstalledIntegration[]> {
    const { describeAccounts } = await import('../accounts/configuring.ts');
    const state = await describeAccounts(this.state, this.catalog, this.#environment, this.catalog.names());
    return state.integrations.map(({ name, title, enabled, accounts }) => {
      const configured = accounts.filter((account) => account.configured);
      return {
        name,
        title,
        functions: this.catalog.get(name)?.reader.index.operations.length ?? 0,
        configured: configured.some(({ local }) => !local),
        enabled,
        accounts: configured.map((account) => account.name),
      };
    });
  }

  /** Whether a server is there at all: nothing of any account is sent to it. */
  async reach(url: string): Promise<Reached> {
    return reach(await this.#openHttp(), url, `kosmo/${version}`);
  }

  /** Adds integrations, follows their documents, and takes them away. */
  async installer(): Promise<Installer> {
    const { createInstaller } = await import('./installing.ts');
    return createInstaller(this.state.home, () => this.#openHttp());
  }

  /**
   * The documentation pages.
   * @param scope only what these integrations and servers have
   */
  docs(scope?: DocsScope): Promise<Docs> {
    if (scope === undefined) {
      this.#docs ??= this.#openDocs({});
      return this.#docs;
    }
    return this.#openDocs(scope);
  }

  async #openDocs(scope: DocsScope): Promise<Docs> {
    const { createDocs } = await import('../docs/index.ts');
    return createDocs(this.catalog, this.mcp, scope);
  }

  /** Runs that wait for a person to approve their calls. */
  approvals(): Promise<Approvals> {
    this.#approvals ??= import('../approvals/index.ts').then(({ openApprovals }) =>
      openApprovals(this.state.home, this.state.vault, systemClock),
    );
    // One that could not be opened may be openable later.
    this.#approvals.catch(() => {
      this.#approvals = null;
    });
    return this.#approvals;
  }

  /** Has a Lua thread stand ready, for a host that will be asked to run something. */
  warm(): void {
    this.#lua.warm();
  }

  /** Ends what was started: the Lua thread, connections, the local server. */
  async close(): Promise<void> {
    await this.release();
    this.catalog.close();
    await Promise.all([this.#lua.close(), this.#http?.then((http) => http.close())]);
  }

  /** Has the threads end, for a process that runs no more programs: meanwhile it can do what else there is to do. */
  endThreads(): void {
    void this.#lua.close();
  }

  /** As `close`, for a process that leaves at once: what the system takes back by itself is left to it. */
  async release(): Promise<void> {
    await this.#recorder.close();
    (await this.#approvals?.catch(() => null))?.close();
    await this.#closeLocal();
  }

  /** A run does not wait long for webhooks: what an endpoint has not answered by then is left to the next server. */
  async #closeLocal(): Promise<void> {
    const local = await this.#local?.catch(() => null);
    if (!this.#offline) await local?.webhooks.deliverWithin(webhookPatience);
    local?.close();
    await this.mcp.close();
  }

  #scriptHost(run: Pick<LuaRun, 'integrations'>, pipeline: CallPipeline): ScriptHost {
    return createScriptHost({
      catalog: this.catalog,
      accounts: this.#allAccounts,
      pipeline,
      mcp: this.mcp,
      results: this.results,
      docs: () => (run.integrations === false ? this.docs({ integrations: [] }) : this.docs()),
      integrations: run.integrations ?? true,
    });
  }

  /** When a program needs the first of its servers, the others that it names are started, too. */
  #startingTogether(source: LuaRun['source'], mcp: ScriptHost['mcp']): ScriptHost['mcp'] {
    let started = false;
    const start = () => {
      if (started) return;
      started = true;
      this.mcp.warm(namedServers(typeof source === 'string' ? source : new TextDecoder().decode(source)));
    };
    return {
      resolve: (path) => {
        if (path.length > 0) start();
        return mcp.resolve(path);
      },
      ask: (name, args) => {
        if (name !== 'servers') start();
        return mcp.ask(name, args);
      },
    };
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

  async #named({ source }: LuaRun, host: ScriptHost): Promise<readonly NamedCall[]> {
    const { namedFunctions } = await import('./check.ts');
    return namedFunctions(source, this.#checkHost(host));
  }

  #pipeline(
    run: RunSettings,
    {
      named,
      dryRun = run.dryRun === true ? new DryRun('writes') : null,
      wallSeconds = Number.POSITIVE_INFINITY,
      journal = unrecorded,
    }: PipelineSettings = {},
  ): CallPipeline {
    const parts = {
      catalog: this.catalog,
      accounts: this.#allAccounts,
      plans: this.#plans,
      transport: (account: Account) => this.#transport(account, run.onProgress ?? unheard),
      exchanges: this.#exchanges,
      clock: systemClock,
      userAgent: `kosmo/${version}`,
      keep: (bytes: Uint8Array, name: string) => keepFile(this.home, bytes, name),
      warn: (text: string) => this.#warnings.add(text),
    };
    return new CallPipeline(parts, {
      account: run.account ?? 'default',
      force: run.force ?? false,
      readOnly: run.readOnly ?? false,
      ...(run.writes === undefined ? {} : { writes: run.writes }),
      rules: [
        ...(run.allow ?? []).map((pattern) => ({ pattern, verdict: 'allow' as const })),
        ...(run.deny ?? []).map((pattern) => ({ pattern, verdict: 'deny' as const })),
      ],
      limits: { ...defaultCallLimits, ...run.callLimits },
      timeoutMs: run.callTimeoutMs ?? defaultCallTimeout,
      deadline: systemClock.now() + wallSeconds * 1000,
      journal,
      files: run.files ?? [],
      // What is only planned needs nobody's approval.
      approve: dryRun === null ? (run.approve ?? null) : async () => true,
      dryRun,
      ...(named === undefined ? {} : { named }),
    });
  }

  async #openHttp(): Promise<Transport & { close(): Promise<void> }> {
    if (this.#offline)
      throw new KosmoError('denied', 'Nothing but the local server is to be reached from here.');
    this.#http ??= import('../transport/http.ts').then(({ createHttpTransport }) =>
      createHttpTransport({ environment: this.#environment }),
    );
    return this.#http;
  }

  async #transport(
    account: Account,
    onProgress: (progress: ToolProgress) => void,
  ): Promise<Transport | Failure> {
    const server = serverOf(account.integration);
    if (server !== null) return this.mcp.transport(server, onProgress);
    try {
      if (!account.local) return await this.#openHttp();
      const { createInProcessTransport } = await import('../transport/in-process.ts');
      this.#local ??= openLocal(this.catalog, this.#localDatabase);
      return createInProcessTransport(await this.#local);
    } catch (error) {
      if (account.local) this.#local = null;
      else this.#http = null;
      if (error instanceof KosmoError) return failureOf(error);
      throw error;
    }
  }
}

/**
 * Makes a runtime. Nothing is read or started before it is needed.
 *
 * `createRuntime<Functions>()` knows the functions' names, arguments and results; `kosmo integrations:types` prints
 * that type.
 */
export function createRuntime<Functions extends FunctionTypes<Functions> = NoFunctions>(
  options: RuntimeOptions = {},
): Runtime<Functions> {
  return new Runtime<Functions>(options);
}
