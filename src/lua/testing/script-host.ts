import type { CallOutcome, CallRequest, Page } from '../../call/index.ts';
import { type Failure, failure } from '../../support/errors.ts';
import { type JsonValue, stringifyJson } from '../../support/json.ts';
import {
  defaultLimits,
  type LuaLimits,
  type LuaWorker,
  runScript,
  type ScriptHost,
  type ScriptOutcome,
  startLuaWorker,
} from '../index.ts';

/** What a call of the test's integration answers: a value, or a failure. */
export type Answer = (request: CallRequest) => JsonValue | Failure | Promise<JsonValue | Failure>;

/** A host with one integration, `test`, whose every function is answered by the test. */
export class TestHost implements ScriptHost {
  readonly calls: CallRequest[] = [];
  readonly docs = {
    list: async () => [{ name: 'page' }],
    search: async (query: string) => [{ name: query }],
    read: async (page: string) =>
      page === 'page' ? 'text' : failure('unknown_page', `There is no page ${page}.`),
  };
  readonly results = {
    read: (handle: string, path: string) =>
      handle === 'res_1'
        ? { value: { path } }
        : { error: failure('unknown_result', `There is no result ${handle}.`) },
  };
  readonly mcp = {
    resolve: async (path: readonly string[]) =>
      path.length === 0
        ? { kind: 'namespace' as const, names: [] }
        : failure('unknown_server', 'No MCP server is called x.'),
    ask: async (name: string) =>
      name === 'servers' ? [] : failure('unknown_server', 'No MCP server is called x.'),
  };
  answer: Answer = ({ args }) => args;
  page: (request: CallRequest, value: JsonValue) => Page | null = () => null;

  resolve(path: readonly string[]) {
    const name = path.at(-1) ?? '';
    if (name === 'unknown')
      return failure('unknown_function', `Unknown function app.integrations.${path.join('.')}.`);
    if (path.length === 0) return { kind: 'namespace' as const, names: ['test'] };
    if (path.length === 1 || name === 'work') return { kind: 'namespace' as const, names: ['echo', 'fail'] };
    const account = path.length === 3 ? (path[1] ?? null) : null;
    return { kind: 'function' as const, integration: 'test', account, function: name };
  }

  async call(request: CallRequest, _signal?: AbortSignal, _unwanted?: AbortSignal): Promise<CallOutcome> {
    this.calls.push(request);
    const record = {
      function: request.function,
      account: '',
      effect: null,
      status: 200,
      attempts: 1,
      duration_ms: 0,
      request_id: null,
    };
    const value = await this.answer(request);
    if (typeof value === 'object' && value !== null && 'hint' in value && 'code' in value) {
      return { ok: false, error: value as unknown as Failure, record };
    }
    return {
      ok: true,
      value: value as JsonValue,
      text: stringifyJson(value),
      page: this.page(request, value as JsonValue),
      record,
    };
  }
}

/** Runs programs one after another on one worker, each against a fresh host unless one is given. */
export class TestPrograms {
  readonly #worker: LuaWorker = startLuaWorker();

  run(
    source: string | Uint8Array,
    limits: Partial<LuaLimits> = {},
    host = new TestHost(),
    signal?: AbortSignal,
  ): Promise<ScriptOutcome> {
    const stop = signal === undefined ? {} : { signal };
    return runScript(this.#worker, {
      source,
      name: 'test.lua',
      host,
      limits: { ...defaultLimits, ...limits },
      ...stop,
    });
  }

  /** The result of a program that is expected to end well. */
  async result(source: string, host = new TestHost()): Promise<JsonValue> {
    const outcome = await this.run(source, {}, host);
    if (outcome.error !== null) throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
    return outcome.result;
  }

  /** The error of a program that is expected to fail. */
  async error(source: string | Uint8Array, host = new TestHost()): Promise<Failure> {
    const outcome = await this.run(source, {}, host);
    if (outcome.error === null) throw new Error('the program did not fail');
    return outcome.error;
  }

  async output(source: string): Promise<string> {
    const outcome = await this.run(source);
    if (outcome.error !== null) throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
    return outcome.output;
  }

  close(): Promise<void> {
    return this.#worker.close();
  }
}
