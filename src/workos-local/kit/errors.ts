/** What is wrong with one field of a request. */
export interface Problem {
  readonly code: string;
  /** Where, with dots: `domain_data.0.state`. */
  readonly field: string;
  readonly message: string;
}

/** The JSON body of an error, as WorkOS writes it. */
export interface ApiErrorBody {
  readonly message: string;
  readonly code: string;
  readonly errors?: readonly object[];
  readonly [detail: string]: unknown;
}

/** The JSON body of an error where the endpoint speaks OAuth (RFC 6749, section 5.2). */
export interface OAuthErrorBody {
  readonly error: string;
  readonly error_description: string;
  /** With `sso_required`: who has to sign in by which connections. */
  readonly email?: string;
  readonly connection_ids?: readonly string[];
}

/** An error a handler answers with. Thrown inside a transaction it undoes everything the request did. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly body: ApiErrorBody | OAuthErrorBody;
  /** Headers of its answer besides the usual; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    body: ApiErrorBody | OAuthErrorBody,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super('error_description' in body ? String(body.error_description) : body.message);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export function badRequest(code: string, message: string, details: Record<string, unknown> = {}): ApiError {
  return new ApiError(400, { message, code, ...details });
}

/** @param entity what was looked for, as a person says it: `Organization` */
export function notFound(entity: string, id: string): ApiError {
  return new ApiError(404, {
    message: `${entity} not found: '${id}'.`,
    code: 'entity_not_found',
    entity_id: id,
  });
}

export function conflict(code: string, message: string): ApiError {
  return new ApiError(409, { message, code });
}

/** A request that reads well but breaks a rule no schema can say. */
export function unprocessable(
  code: string,
  message: string,
  details: Record<string, unknown> = {},
): ApiError {
  return new ApiError(422, { message, code, ...details });
}

/** A request that does not fit the document; every problem is listed. */
export function invalidRequest(problems: readonly Problem[]): ApiError {
  return new ApiError(422, {
    message: 'Validation failed.',
    code: 'invalid_request_parameters',
    errors: problems,
  });
}

/** One field with one problem. */
export function invalidField(field: string, code: string, message: string): ApiError {
  return invalidRequest([{ code, field, message }]);
}

export function unauthorized(message: string): ApiError {
  return new ApiError(401, { message, code: 'unauthorized' });
}

/** @param error a code of RFC 6749: `invalid_grant` */
export function oauthError(status: 400 | 401, error: string, description: string): ApiError {
  return new ApiError(status, { error, error_description: description });
}
