import type { JsonObject } from '../support/json.ts';

/** Raised whenever the manifest's shape changes; a file of another format is compiled anew. */
export const manifestFormat = 2;

/**
 * The compiled form of an OpenAPI document: `<integration>-openapi-manifest.json`.
 *
 * On disk it is one JSON document, written so that each operation and each schema stands on a line of its own;
 * an index beside it holds the names and where each line is, so that a run reads only what it calls.
 */
export interface Manifest extends ManifestHeader {
  readonly operations: readonly Operation[];
  /** The named schemas that operations refer to as `#/schemas/NAME`. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
}

export interface ManifestHeader {
  readonly format: number;
  /** The integration's name, as scripts write it: `workos`. */
  readonly integration: string;
  readonly title: string;
  readonly description: string;
  readonly source: ManifestSource;
  /** The URL that calls go to when the account names none; `{region}` in it is the account's field of that name. */
  readonly baseUrl: string;
  /** How a request that is no operation is authenticated. */
  readonly auth: Auth | null;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly fields: readonly AccountField[];
}

/** Where the document came from; enough to know it again. */
export interface ManifestSource {
  /** `npm:@workos/openapi-spec`, a URL, or a file's path. */
  readonly location: string;
  readonly version: string;
  readonly sha256: string;
  /** SHA-256 of each overlay applied, in order. */
  readonly overlays: readonly string[];
}

/** One credential or setting an account of the integration can hold. */
export interface AccountField {
  /** `api_key`, `client_id`, `url`, … */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly secret: boolean;
  readonly required: boolean;
  /** The environment variable that fills it for the default account: `WORKOS_API_KEY`. */
  readonly env: string;
  readonly default: string | null;
}

export type Effect = 'read' | 'write' | 'destructive';
/** As it is sent, such as `GET`; `TOOL` for a tool of an MCP server, whose path is the tool's own name. */
export type Method = string;

/** What the index holds of an operation: enough to find it and to say what it would do. */
export interface OperationSummary {
  /** Full name without the integration: `workos_organizations_list`. */
  readonly slug: string;
  /** Short name: `list_organizations`. Two operations may share one. */
  readonly luaName: string;
  /** Path aliases: `workos_user_management_users_get`. */
  readonly aliases: readonly string[];
  readonly effect: Effect;
  readonly method: Method;
  /** With its placeholders: `/organizations/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
}

export interface Operation extends OperationSummary {
  readonly operationId: string;
  /** PascalCase of the slug: the name of its generated types. */
  readonly className: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly body: RequestBody | null;
  readonly responses: readonly OperationResponse[];
  /** Null when the operation takes no credentials. */
  readonly auth: Auth | null;
  readonly pagination: Pagination | null;
  /** Groups of which exactly one variant (or at most one, when optional) may be given. */
  readonly exclusiveGroups: readonly ExclusiveGroup[];
  /** The operation's own server, when it has one: it is used unless the account names another URL. */
  readonly baseUrl: string | null;
  readonly deprecated: boolean;
  /** A call that goes well, where the overlay names one. */
  readonly example?: DocumentedExample;
  /** The events that it causes, where the overlay names them. */
  readonly events?: readonly string[];
  /** Words that people look for it by, where the overlay has some. */
  readonly keywords?: string;
}

/** A call that goes well, in place of one made from the schemas. A text that begins with `=` is a Lua expression. */
export interface DocumentedExample {
  /** Lua lines that make what the call needs; empty when it needs nothing. */
  readonly before: string;
  /** What has to be there that no program can make; empty when there is nothing. */
  readonly needs: string;
  /** The arguments without which the call cannot be made. */
  readonly arguments: JsonObject;
  /** The same with some that can be left out. */
  readonly full: JsonObject | null;
}

export interface Parameter {
  /** As on the wire: `organizationId`, `idempotency-key`. */
  readonly name: string;
  /** As scripts write it, in snake_case: `organization_id`. */
  readonly argument: string;
  /** Another accepted spelling, for a bare `{id}`: `user_id` in `/users/{id}`. */
  readonly alias: string | null;
  /**
   * `querystring`: it is the whole query. `credential`: it is what the operation is authenticated with, in place of what
   * the account holds.
   */
  readonly in: 'path' | 'query' | 'querystring' | 'header' | 'cookie' | 'credential';
  readonly required: boolean;
  readonly style: ParameterStyle;
  readonly explode: boolean;
  /** Whether reserved characters (`/`, `?`, `:`, …) stand as they are in a query. */
  readonly allowReserved?: true;
  /** Whether the value goes as JSON text, whatever its type. */
  readonly isJson?: true;
  /** Whether a cookie's value stands as it is, without percent-encoding. */
  readonly isPlain?: true;
  readonly description: string;
  readonly schema: JsonSchema;
  /** Account fields that fill it when the caller does not, in order of preference. */
  readonly accountDefault: readonly string[];
}

/** OpenAPI 3.1, "Style Values". */
export type ParameterStyle =
  | 'matrix'
  | 'label'
  | 'simple'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'deepObject';

/**
 * How a body's value becomes the bytes that are sent. `lines`: the value is a list, each item of it a line of JSON.
 * `file`: the value is a file, and its bytes are the body.
 */
export type BodyEncoding = 'json' | 'lines' | 'form' | 'multipart' | 'text' | 'file';

export interface RequestBody {
  readonly required: boolean;
  /** Whether the argument table is the body itself, so that `body` is a name like any other. */
  readonly isArgumentTable?: true;
  readonly contentType: string;
  readonly encoding: BodyEncoding;
  /** Properties of a form that are not sent as their plain text. */
  readonly parts?: Readonly<Record<string, BodyPart>>;
  readonly schema: JsonSchema;
  /** Top-level properties of the body in any of its variants: what an argument can be lifted into. */
  readonly properties: readonly string[];
  /** Body property → account fields that fill it when the caller does not, in order of preference. */
  readonly accountDefaults: Readonly<Record<string, readonly string[]>>;
}

/** How one property of a form or a multipart body is sent. */
export interface BodyPart {
  /** Null: by the value's type. */
  readonly contentType: string | null;
  readonly style: ParameterStyle;
  readonly explode: boolean;
  /** Whether its value, or each item of it, is a file. */
  readonly isFile?: true;
}

export interface OperationResponse {
  /** `200`, `404`, or `default`. */
  readonly status: string;
  readonly description: string;
  readonly contentType: string | null;
  readonly schema: JsonSchema | null;
}

/** How an operation is authenticated: by one credential, by several at once, or by one of several ways. */
export type Auth = Credential | AllCredentials | AnyCredential;

export interface AllCredentials {
  readonly kind: 'all';
  readonly of: readonly Credential[];
}

/** In order of preference: the first whose fields the account has. */
export interface AnyCredential {
  readonly kind: 'any';
  readonly of: readonly (Credential | AllCredentials)[];
  /** Whether it can be called without any. */
  readonly optional: boolean;
}

export type Credential =
  | { readonly kind: 'bearer'; readonly field: string }
  | { readonly kind: 'basic'; readonly userField: string; readonly passwordField: string }
  | {
      readonly kind: 'api_key';
      readonly field: string;
      readonly in: 'header' | 'query' | 'cookie';
      readonly name: string;
      /** What stands before the credential: `Token `. */
      readonly prefix?: string;
    };

/** Every credential that an operation may be authenticated with. */
export function credentialsOf(auth: Auth | null): readonly Credential[] {
  if (auth === null) return [];
  return auth.kind === 'all' || auth.kind === 'any' ? auth.of.flatMap(credentialsOf) : [auth];
}

/** The account's fields that a credential is made of. */
export function fieldsOfCredential(credential: Credential): readonly string[] {
  return credential.kind === 'basic' ? [credential.userField, credential.passwordField] : [credential.field];
}

/** A list that goes on. `items` is the dotted path of the rows in an answer; empty when the answer is the list. */
export type Pagination =
  /** `argument` takes what the answer holds at `next` (dotted path). */
  | { readonly style: 'cursor'; readonly argument: string; readonly next: string; readonly items: string }
  /** `argument` counts pages from `first`. */
  | { readonly style: 'page'; readonly argument: string; readonly first: number; readonly items: string }
  /** `argument` is how many rows to leave out. */
  | { readonly style: 'offset'; readonly argument: string; readonly items: string }
  /** `argument` takes the `key` of the last row, while `more` (dotted path) is true. */
  | {
      readonly style: 'last_row';
      readonly argument: string;
      readonly key: string;
      readonly more: string;
      readonly items: string;
    }
  /** The answer's `Link` header names the next page. */
  | { readonly style: 'link'; readonly items: string };

export interface ExclusiveGroup {
  readonly name: string;
  readonly in: 'body' | 'query';
  readonly optional: boolean;
  /** Variant name → the properties that make it. */
  readonly variants: Readonly<Record<string, readonly string[]>>;
}

/** A JSON Schema 2020-12 object; references are `#/schemas/NAME`. */
export type JsonSchema = JsonObject;
