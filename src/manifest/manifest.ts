import type { JsonObject } from '../support/json.ts';

/** Raised whenever the manifest's shape changes; a file of another format is compiled anew. */
export const manifestFormat = 1;

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
  /** The URL that calls go to when the account names none. */
  readonly baseUrl: string;
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
export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
/** `TOOL` for a tool of an MCP server, whose path is the tool's own name. */
export type Method = HttpMethod | 'TOOL';

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
}

export interface Parameter {
  /** As on the wire: `organizationId`, `idempotency-key`. */
  readonly name: string;
  /** As scripts write it, in snake_case: `organization_id`. */
  readonly argument: string;
  /** Another accepted spelling, for a bare `{id}`: `user_id` in `/users/{id}`. */
  readonly alias: string | null;
  /** `credential`: it is what the operation is authenticated with, in place of what the account holds. */
  readonly in: 'path' | 'query' | 'header' | 'credential';
  readonly required: boolean;
  readonly style: 'form' | 'simple' | 'deepObject' | 'spaceDelimited' | 'pipeDelimited';
  readonly explode: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
  /** Account fields that fill it when the caller does not, in order of preference. */
  readonly accountDefault: readonly string[];
}

export interface RequestBody {
  readonly required: boolean;
  /** Whether the argument table is the body itself, so that `body` is a name like any other. */
  readonly isArgumentTable?: true;
  readonly contentType: string;
  readonly schema: JsonSchema;
  /** Top-level properties of the body in any of its variants: what an argument can be lifted into. */
  readonly properties: readonly string[];
  /** Body property → account fields that fill it when the caller does not, in order of preference. */
  readonly accountDefaults: Readonly<Record<string, readonly string[]>>;
}

export interface OperationResponse {
  /** `200`, `404`, or `default`. */
  readonly status: string;
  readonly description: string;
  readonly contentType: string | null;
  readonly schema: JsonSchema | null;
}

export type Auth =
  | { readonly kind: 'bearer'; readonly field: string }
  | { readonly kind: 'basic'; readonly userField: string; readonly passwordField: string }
  | {
      readonly kind: 'api_key';
      readonly field: string;
      readonly in: 'header' | 'query';
      readonly name: string;
    };

/** A list that goes on. `items` is the dotted path of the rows in an answer; empty when the answer is the list. */
export type Pagination =
  /** `argument` takes what the answer holds at `next` (dotted path). */
  | { readonly style: 'cursor'; readonly argument: string; readonly next: string; readonly items: string }
  /** `argument` counts pages from `first`. */
  | { readonly style: 'page'; readonly argument: string; readonly first: number; readonly items: string }
  /** `argument` is how many rows to leave out. */
  | { readonly style: 'offset'; readonly argument: string; readonly items: string }
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
