import type { operations } from '../../build/generated/workos-operations.d.ts';
import type { Database } from '../sqlite/index.ts';
import type { Context } from './kit/context.ts';
import type { Environment } from './kit/environments.ts';
import type { ApiError } from './kit/errors.ts';

/** The operations of the WorkOS document, by operation id. Their types are generated from the document. */
export type OperationId = keyof operations;

type Part<Id extends OperationId, Name extends 'path' | 'query'> = operations[Id]['parameters'] extends {
  [name in Name]: infer Values extends object;
}
  ? Values
  : operations[Id]['parameters'] extends { [name in Name]?: infer Values }
    ? Exclude<Values, undefined> extends never
      ? Nothing
      : Exclude<Values, undefined>
    : Nothing;

type Nothing = Readonly<Record<never, never>>;

type Body<Id extends OperationId> = operations[Id] extends { requestBody: { content: infer Content } }
  ? Content[keyof Content]
  : operations[Id] extends { requestBody?: { content: infer Content } }
    ? Content[keyof Content] | undefined
    : undefined;

type SuccessStatus = 200 | 201 | 202 | 204;

type BodyOf<Response> = Response extends { content: infer Content extends object }
  ? Content[keyof Content]
  : undefined;

/** What an operation answers when all is well, as the document says; undefined where it says nothing. */
export type Reply<Id extends OperationId> = {
  [Status in keyof operations[Id]['responses'] & SuccessStatus]: BodyOf<operations[Id]['responses'][Status]>;
}[keyof operations[Id]['responses'] & SuccessStatus];

/** A request that has passed validation: every part has the shape the document gives it. */
export interface OperationRequest<Id extends OperationId> {
  readonly path: Part<Id, 'path'>;
  readonly query: Part<Id, 'query'>;
  readonly body: Body<Id>;
  /** What the request shows as a bearer token, for the operations that take another one than an API key. */
  readonly bearerToken: string | null;
}

/** The work of an operation inside the request's transaction: all of it is kept, or nothing when it throws. */
export type Work<Id extends OperationId> = (
  context: Context,
  request: OperationRequest<Id>,
) => Reply<Id> | Answer<Reply<Id>> | Later<Reply<Id>> | Redirect | Refusal;

/** A handler that is more than its work. */
export interface Steps<Id extends OperationId> {
  /**
   * Slow work that must not hold the database (hashing a password) is done here, before the transaction begins; it
   * gives the work to do inside. What it reads of the context may have changed by then.
   */
  prepare(request: OperationRequest<Id>, context: Context): Promise<Work<Id>>;
  /**
   * For an operation that takes no API key, or another token in its place: the environment its request is about.
   * Without it that is the one of `client_id`.
   *
   * @throws ApiError when there is none
   */
  environmentOf?(database: Database, request: OperationRequest<Id>): Environment;
  /** Whether it changes something although its method says that it only reads, as a logout that is a link. */
  readonly writes?: true;
}

/** The handler of an operation. */
export type Handler<Id extends OperationId> = Work<Id> | Steps<Id>;

/**
 * The handlers of a resource: `{ … } satisfies Resource<'A' | 'B'>` makes the compiler name an operation that was
 * claimed and has no handler.
 */
export type Resource<Ids extends OperationId> = { readonly [Id in Ids]: Handler<Id> };

/** An answer with a status that is not the first success the document names. */
export class Answer<Body> {
  readonly status: SuccessStatus;
  readonly body: Body;

  constructor(status: SuccessStatus, body: Body) {
    this.status = status;
    this.body = body;
  }
}

/**
 * An answer that takes slow work which must not hold the database, as signing a token. It is done when the
 * transaction has been kept; an operation that takes an idempotency key cannot have it.
 */
export class Later<Body> {
  readonly finish: () => Promise<Body>;

  constructor(finish: () => Promise<Body>) {
    this.finish = finish;
  }
}

/** An error that leaves what the request did in place, as counting a wrong code; a thrown one undoes it. */
export class Refusal {
  readonly error: ApiError;

  constructor(error: ApiError) {
    this.error = error;
  }
}

/** An answer that sends the caller's browser on: what the authorize and logout operations do. */
export class Redirect {
  readonly location: string;

  constructor(location: string) {
    this.location = location;
  }
}
