import type { JsonObject } from '../../support/json.ts';

const texts: JsonObject = {
  type: 'object',
  additionalProperties: { type: ['string', 'number', 'boolean'] },
};

const choices: JsonObject = {
  disabled: { type: 'boolean', description: 'Whether it is left out.' },
  enabled: { type: 'boolean' },
  roots: { type: 'boolean', default: false, description: 'Whether it is told of the working directory.' },
  timeout: { type: 'number', exclusiveMinimum: 0 },
};

/** The JSON Schema of a file of MCP servers, for editors; `read-config.ts` is what reads the file. */
export const mcpConfigSchema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'MCP servers',
  description: `mcp.json in $KOSMO_HOME, or .mcp.json of a project. \${NAME} stands for an environment variable, \${secret:NAME} for a secret.`,
  type: 'object',
  properties: {
    $schema: { type: 'string' },
    mcpServers: { $ref: '#/$defs/servers' },
    servers: { $ref: '#/$defs/servers' },
  },
  $defs: {
    servers: {
      type: 'object',
      description: 'By name, as programs write it: app.mcp.NAME.',
      additionalProperties: { oneOf: [{ $ref: '#/$defs/command' }, { $ref: '#/$defs/url' }] },
    },
    command: {
      type: 'object',
      description: 'A server that is started.',
      required: ['command'],
      properties: {
        ...choices,
        command: { type: 'string', minLength: 1 },
        args: { type: 'array', items: { type: 'string' } },
        env: texts,
        cwd: { type: ['string', 'null'] },
        url: false,
        httpUrl: false,
        serverUrl: false,
      },
    },
    url: {
      type: 'object',
      description: 'A server that is reached over HTTP.',
      anyOf: [{ required: ['url'] }, { required: ['httpUrl'] }, { required: ['serverUrl'] }],
      properties: {
        ...choices,
        type: { type: 'string', description: 'sse for an older server.' },
        url: { type: 'string' },
        httpUrl: { type: 'string' },
        serverUrl: { type: 'string' },
        headers: texts,
        oauth: {
          type: 'object',
          properties: {
            grant: {
              enum: ['authorization_code', 'client_credentials'],
              description: 'client_credentials: the client itself is let in, nobody signs in.',
            },
            clientId: { type: 'string' },
            clientSecret: { type: 'string' },
            privateKey: { type: 'string', description: 'A PEM key, in place of the secret.' },
            algorithm: { type: 'string', description: 'What the key signs with, RS256 unless given.' },
            issuer: { type: 'string', description: 'The authorization server that knows the client.' },
            scope: { type: 'string' },
            callbackPort: { type: 'number' },
          },
        },
        command: false,
      },
    },
  },
};
