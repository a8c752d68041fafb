import type { Auth, Operation } from './manifest.ts';
import { documentedMethods } from './methods.ts';
import { classNameOf } from './names.ts';

/** What every integration has beside its operations: a request by method and path. */
export const freeRequestName = 'request';

/**
 * The operation behind `request{ method = "GET", path = "/…" }`, for what has no name of its own. Its effect here is
 * the careful guess; a call's own follows the operation or the method that is asked for.
 * @param methods those of the integration's operations, which it can be asked for beside the usual ones
 */
export function freeRequestOf(integration: string, auth: Auth | null, methods: readonly string[]): Operation {
  const slug = `${integration}_${freeRequestName}`;
  const argument = (
    name: string,
    required: boolean,
    description: string,
    schema: Operation['parameters'][0]['schema'],
  ) =>
    ({
      name,
      argument: name,
      alias: null,
      in: 'query',
      required,
      style: 'form',
      explode: true,
      description,
      schema,
      accountDefault: [],
    }) as const;
  return {
    slug,
    luaName: freeRequestName,
    aliases: [],
    effect: 'write',
    method: 'GET',
    path: '/',
    summary: 'Make a request by method and path',
    tag: '',
    operationId: freeRequestName,
    className: classNameOf(slug),
    description: 'For what has no function of its own. Its arguments are sent as they are.',
    parameters: [
      argument('method', true, 'The HTTP method.', {
        type: 'string',
        enum: [...new Set([...documentedMethods, ...methods])],
      }),
      argument('path', true, 'The path below the base URL, beginning with a slash.', {
        type: 'string',
        pattern: '^/',
      }),
      argument('query', false, 'The query, by name.', { type: 'object' }),
      argument('headers', false, 'Headers, by name; credentials are none of them.', {
        type: 'object',
        additionalProperties: { type: 'string' },
      }),
    ],
    body: {
      required: false,
      contentType: 'application/json',
      encoding: 'json',
      schema: {},
      properties: [],
      accountDefaults: {},
    },
    responses: [],
    auth,
    pagination: null,
    exclusiveGroups: [],
    baseUrl: null,
    deprecated: false,
  };
}
