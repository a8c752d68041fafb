import type { IndexedOperation, ManifestReader, Operation } from '../manifest/index.ts';
import { WriteQueue } from '../sqlite/index.ts';
import { failureOf } from '../support/errors.ts';
import { type AuthenticationOptions, authenticate, bearerToken } from './authenticate.ts';
import type { Catalogue, UntypedHandler, UntypedRequest } from './catalogue.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { createContext } from './kit/context.ts';
import type { Environment } from './kit/environments.ts';
import { ApiError, type ApiErrorBody, badRequest, invalidRequest, type Problem } from './kit/errors.ts';
import { DroppedConnection, suffer, takeFault } from './kit/faults.ts';
import { type KeptAnswer, once } from './kit/idempotency.ts';
import { parseJson } from './kit/input.ts';
import { type QueryDecoder, queryDecoder } from './kit/query.ts';
import { groupProblems } from './kit/query-groups.ts';
import { randomToken } from './kit/random.ts';
import { SchemaCompiler, type Validator } from './kit/validator.ts';
import { Answer, Later, Redirect, Refusal } from './operation.ts';
import { type Match, Router } from './router.ts';
import { inDocumentWords } from './sdk-bodies.ts';

/** A request in its lean form: no classes of the fetch API, whose loading alone takes ten milliseconds. */
export interface LocalRequest {
  readonly method: string;
  /** With its query: `/organizations?limit=2`. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Where the caller reaches the server, without a slash at its end; a call without a socket need not say. */
  readonly baseUrl?: string;
  /** Whether it came from another machine; only this one may use what controls the server. */
  readonly isRemote?: boolean;
  /** Set by code of this process alone: it acts in the environment, and needs no key for it. */
  readonly environment?: Environment;
}

export interface LocalResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or an empty text; a page may answer with other text. */
  readonly body: string;
  /** What a page answers that is no text, in place of the body. */
  readonly bytes?: Uint8Array<ArrayBuffer>;
  /** The cookies a page sets, each as the value of a `set-cookie` header of its own. */
  readonly cookies?: readonly string[];
}

/** What answers a request whose path the WorkOS document does not name; null when nothing is there. */
export type PageHandler = (request: LocalRequest, requestId: string) => Promise<LocalResponse> | null;

export interface DispatchOptions extends AuthenticationOptions {
  readonly manifest: ManifestReader;
  /** Operations that are not in this server. */
  readonly beyond: readonly IndexedOperation[];
  readonly catalogue: Catalogue;
  readonly pages: PageHandler;
  /** Where the server is for a request that does not say how it is reached. */
  readonly baseUrl: string;
}

/** What is known of an operation once it has been called: everything read and compiled once. */
interface Plan {
  readonly operation: Operation;
  readonly handler: UntypedHandler;
  readonly decodeQuery: QueryDecoder;
  readonly query: Validator;
  readonly body: Validator | null;
  readonly successStatus: number;
  readonly takesIdempotencyKey: boolean;
  readonly writes: boolean;
}

interface Input {
  readonly request: UntypedRequest;
  readonly clientId: string | null;
}

/** Takes a request to the handler of its operation, and what comes of it back. */
export class Dispatcher {
  readonly #options: DispatchOptions;
  readonly #router: Router;
  readonly #beyond: Router | null;
  readonly #schemas: SchemaCompiler;
  readonly #plans = new Map<string, Plan>();
  /** Requests that write at the same time share a transaction. */
  readonly #writes: WriteQueue;

  constructor(options: DispatchOptions) {
    this.#options = options;
    this.#writes = new WriteQueue(options.database);
    this.#router = new Router(options.manifest.index.operations);
    this.#beyond = options.beyond.length === 0 ? null : new Router(options.beyond);
    this.#schemas = new SchemaCompiler((name) => options.manifest.schema(name));
  }

  /** Answers every request, also the wrong ones; it rejects with DroppedConnection alone, where a fault says so. */
  async dispatch(request: LocalRequest): Promise<LocalResponse> {
    const requestId = `req_${randomToken(this.#options.random, 24)}`;
    const [path] = splitPath(request.path);
    // A browser asks for leave for the method that its page is about to use.
    const asked = request.method === 'OPTIONS' ? request.headers['access-control-request-method'] : undefined;
    const match = this.#router.match(asked ?? request.method, path);
    if (match === null) return this.#respond(request, requestId, null);
    const answer: LocalResponse =
      asked === undefined
        ? await this.#respond(request, requestId, match)
        : {
            status: 204,
            headers: { 'x-request-id': requestId, ...preflightHeaders(request.headers) },
            body: '',
          };
    const leave = corsHeaders(this.#options.database, request.headers['origin']);
    return { ...answer, headers: { ...answer.headers, ...leave } };
  }

  async #respond(request: LocalRequest, requestId: string, match: Match | null): Promise<LocalResponse> {
    try {
      if (match !== null) return response(await this.#answer(request, match), requestId);
      const page = this.#options.pages(request, requestId);
      if (page !== null) return await page;
      const [path] = splitPath(request.path);
      if (this.#beyond?.match(request.method, path) != null) throw notInThisServer(request.method, path);
      throw new ApiError(404, { message: `There is no ${request.method} ${path}.`, code: 'not_found' });
    } catch (error) {
      if (error instanceof DroppedConnection) throw error;
      if (error instanceof ApiError) {
        const refused = { status: error.status, body: JSON.stringify(error.body) };
        return response(refused, requestId, error.headers);
      }
      const body: ApiErrorBody = { message: failureOf(error).message, code: 'internal_error' };
      return response({ status: 500, body: JSON.stringify(body) }, requestId);
    }
  }

  async #answer(request: LocalRequest, match: Match): Promise<KeptAnswer> {
    const [path, search] = splitPath(request.path);
    const plan = this.#plan(match.operation);
    const query = new URLSearchParams(search);
    const { authorization = null } = request.headers;
    const auth = plan.operation.auth;
    // With a key the answer to a wrong one must not depend on the rest of the request.
    const known =
      request.environment ??
      (auth === null || takesOtherToken(plan)
        ? null
        : authenticate(this.#options, auth, { authorization, clientId: null }));
    const input = readInput(plan, match.path, query, request);
    const environment = known ?? this.#environmentOf(plan, input, authorization);
    const fault = takeFault(this.#options.database, match.operation.slug, environment.id);
    if (fault !== null) await suffer(fault);
    const { database, clock } = this.#options;
    const contextNow = () =>
      createContext(
        database,
        environment,
        clock.now(),
        this.#options,
        request.baseUrl ?? this.#options.baseUrl,
      );
    const work =
      typeof plan.handler === 'function'
        ? plan.handler
        : await plan.handler.prepare(input.request, contextNow());
    // The moment is the transaction's own, so that what is committed later is not dated earlier.
    const run = () => work(contextNow(), input.request);
    const answer = (result: unknown) => answerOf(result, plan.successStatus);
    let kept: KeptAnswer;
    if (plan.takesIdempotencyKey) {
      const key = request.headers['idempotency-key'];
      const operation = { id: match.operation.slug, request: `${path}\n${request.body ?? ''}` };
      kept = await this.#writes.add(() => once(contextNow(), key, operation, () => answer(run())));
    } else {
      const result = plan.writes ? await this.#writes.add(run) : database.read(run);
      kept = answer(result instanceof Later ? await result.finish() : result);
    }
    if (fault?.drops === 'answer') throw new DroppedConnection();
    return kept;
  }

  /** The environment of a request to an operation that takes no API key. */
  #environmentOf(plan: Plan, input: Input, authorization: string | null): Environment {
    if (typeof plan.handler === 'object' && plan.handler.environmentOf !== undefined) {
      return plan.handler.environmentOf(this.#options.database, input.request);
    }
    return authenticate(this.#options, plan.operation.auth, { authorization, clientId: input.clientId });
  }

  #plan(entry: IndexedOperation): Plan {
    let plan = this.#plans.get(entry.slug);
    if (plan === undefined) {
      plan = this.#compile(entry);
      this.#plans.set(entry.slug, plan);
    }
    return plan;
  }

  #compile(entry: IndexedOperation): Plan {
    const handler = this.#options.catalogue.handlerOf(entry.operationId);
    if (handler === null) {
      throw notInThisServer(entry.method, entry.path);
    }
    const { manifest } = this.#options;
    const operation = manifest.operation(entry);
    // `/sso/token` declares its fields in the query and in the body; the SDKs send them in the body.
    const parameters = operation.parameters.filter(
      ({ in: place, name }) => place === 'query' && operation.body?.properties.includes(name) !== true,
    );
    return {
      operation,
      handler,
      decodeQuery: queryDecoder(parameters, (name) => manifest.schema(name)),
      query: this.#schemas.validator({
        properties: Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.schema])),
        required: parameters.filter((parameter) => parameter.required).map((parameter) => parameter.name),
      }),
      body: operation.body === null ? null : this.#schemas.validator(operation.body.schema),
      successStatus: successStatusOf(operation),
      takesIdempotencyKey: operation.parameters.some(
        (parameter) => parameter.in === 'header' && parameter.name.toLowerCase() === 'idempotency-key',
      ),
      writes: operation.method !== 'GET' || (typeof handler === 'object' && handler.writes === true),
    };
  }
}

function notInThisServer(method: string, path: string): ApiError {
  return new ApiError(501, {
    message: `The local server does not handle ${method} ${path} yet.`,
    code: 'not_in_this_server',
  });
}

/** A path and the text of its query. */
function splitPath(path: string): readonly [path: string, search: string] {
  const questionMark = path.indexOf('?');
  return questionMark < 0 ? [path, ''] : [path.slice(0, questionMark), path.slice(questionMark + 1)];
}

/** Whether an operation is opened by something else than an API key, as an SSO access token. */
function takesOtherToken({ handler }: Plan): boolean {
  return typeof handler === 'object' && handler.environmentOf !== undefined;
}

/** Reads and checks every part of a request; all problems come together. */
function readInput(
  plan: Plan,
  path: Readonly<Record<string, string>>,
  query: URLSearchParams,
  request: LocalRequest,
): Input {
  const values = plan.decodeQuery(query);
  const problems: Problem[] = [
    ...plan.query.problems(values),
    ...groupProblems(plan.operation.exclusiveGroups, values),
  ];
  for (const [name, value] of Object.entries({ ...path, ...values })) {
    if (typeof value === 'string' && value.includes('\0')) {
      problems.push({
        code: 'invalid_character',
        field: name,
        message: `${name} must not hold a NUL character.`,
      });
    }
  }
  const body =
    plan.body === null ? undefined : inDocumentWords(plan.operation.operationId, readBody(request));
  if (plan.body !== null && (body !== undefined || plan.operation.body?.required === true)) {
    // A body that was left out is an empty one: its missing fields are what there is to say.
    problems.push(...plan.body.problems(body ?? {}));
  }
  if (problems.length > 0) throw invalidRequest(problems);
  return {
    request: {
      path,
      query: values,
      body: body ?? (plan.body === null ? undefined : {}),
      bearerToken: bearerToken(request.headers['authorization'] ?? null),
    },
    clientId: query.get('client_id') ?? clientIdOf(body),
  };
}

function readBody(request: LocalRequest): unknown {
  const text = request.body;
  if (text === null || text === '') return undefined;
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  const value = parseJson(text);
  if (value === undefined) throw badRequest('invalid_json', 'The body is not JSON.');
  return value;
}

function clientIdOf(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('client_id' in body)) return null;
  return typeof body.client_id === 'string' ? body.client_id : null;
}

function answerOf(result: unknown, successStatus: number): KeptAnswer {
  if (result instanceof Redirect) return { status: 302, body: '', location: result.location };
  if (result instanceof Refusal)
    return { status: result.error.status, body: JSON.stringify(result.error.body) };
  const { status, body } = result instanceof Answer ? result : { status: successStatus, body: result };
  return { status, body: body === undefined ? '' : JSON.stringify(body) };
}

function successStatusOf(operation: Operation): number {
  const statuses = operation.responses.map(({ status }) => Number(status));
  return statuses.find((status) => status >= 200 && status < 300) ?? 200;
}

function response(
  { status, body, location }: KeptAnswer,
  requestId: string,
  more: Readonly<Record<string, string>> = {},
): LocalResponse {
  const headers: Record<string, string> = { 'x-request-id': requestId, ...more };
  if (body !== '') headers['content-type'] = 'application/json; charset=utf-8';
  if (location !== undefined) headers['location'] = location;
  return { status, headers, body };
}
