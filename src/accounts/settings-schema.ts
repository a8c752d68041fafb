import type { JsonObject } from '../support/json.ts';

const verdict: JsonObject = { enum: ['allow', 'ask', 'deny'] };
const texts: JsonObject = { type: 'object', additionalProperties: { type: 'string', minLength: 1 } };

/** The JSON Schema of `settings.json`, for editors; `settings.ts` is what reads the file. */
export const settingsSchema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Settings of kosmo',
  description: 'settings.json in $KOSMO_HOME. There is nothing secret in it.',
  type: 'object',
  properties: {
    $schema: { type: 'string' },
    version: { const: 1 },
    force: { type: 'boolean', default: true, description: 'Whether --force counts at all.' },
    integrations: {
      type: 'object',
      description: 'By the name of an integration: workos.',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        properties: {
          enabled: { type: 'boolean', default: true },
          accounts: {
            type: 'object',
            description: 'By the name of an account: default.',
            additionalProperties: { $ref: '#/$defs/account' },
          },
        },
      },
    },
  },
  $defs: {
    account: {
      type: 'object',
      additionalProperties: false,
      properties: {
        values: { ...texts, description: 'Fields that are no secret, and their values.' },
        commands: { ...texts, description: 'Fields whose value is what a command prints.' },
        policy: {
          type: 'object',
          additionalProperties: false,
          properties: {
            read: { ...verdict, default: 'allow' },
            write: { ...verdict, default: 'ask' },
            destructive: { ...verdict, default: 'ask' },
            force: { type: 'boolean', default: true, description: 'Whether --force counts here.' },
            operations: {
              type: 'object',
              description: 'Patterns of functions: create_*, workos.delete_user.',
              additionalProperties: verdict,
            },
          },
        },
      },
    },
  },
};
