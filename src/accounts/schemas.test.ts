import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { mcpConfigSchema } from '../mcp/config/config-schema.ts';
import { parseConfig } from '../mcp/config/read-config.ts';
import type { JsonObject } from '../support/json.ts';
import { isFault, settingsOf } from './settings.ts';
import { settingsSchema } from './settings-schema.ts';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false });
const settings = ajv.compile(settingsSchema);
const servers = ajv.compile(mcpConfigSchema);

const account = (entry: JsonObject): JsonObject => ({
  version: 1,
  integrations: { workos: { accounts: { default: entry } } },
});

describe('the schema of the settings', () => {
  it.each<[string, JsonObject]>([
    ['nothing', {}],
    ['what the commands write', account({ values: { client_id: 'c' }, commands: { api_key: 'op read x' } })],
    [
      'a policy',
      account({ policy: { read: 'allow', write: 'deny', force: false, operations: { 'create_*': 'ask' } } }),
    ],
    ['a disabled integration', { force: false, integrations: { workos: { enabled: false } } }],
    ['an unknown verdict', account({ policy: { write: 'perhaps' } })],
    ['a mistyped key', account({ polcy: {} })],
    ['a mistyped key of an integration', { integrations: { workos: { acounts: {} } } }],
    ['a value that is no text', account({ values: { client_id: 5 } })],
    ['a newer version', { version: 2 }],
    ['a switch that is none', { force: 'yes' }],
  ])('takes %s when the file’s reader does', (_, content) => {
    const read = settingsOf(content);
    const parts = isFault(read)
      ? [read]
      : [...read.integrations.values()].flatMap((part) =>
          isFault(part) ? [part] : [...part.accounts.values()],
        );
    expect(settings(content), JSON.stringify(settings.errors)).toBe(!parts.some(isFault));
  });
});

describe('the schema of a file of MCP servers', () => {
  it.each<[string, JsonObject]>([
    ['none', {}],
    ['a command', { mcpServers: { memory: { command: 'npx', args: ['-y', 'x'], env: { A: 'b', N: 1 } } } }],
    [
      'a URL',
      { servers: { linear: { url: 'https://mcp.example', headers: { a: `\${secret:A}` }, type: 'sse' } } },
    ],
    [
      'sign-in',
      { mcpServers: { a: { url: 'https://a.example', oauth: { clientId: 'x', callbackPort: 8080 } } } },
    ],
    ['a switch and a time', { mcpServers: { a: { command: 'a', disabled: true, roots: true, timeout: 5 } } }],
    ['both ways', { mcpServers: { a: { command: 'a', url: 'https://a.example' } } }],
    ['neither', { mcpServers: { a: { args: [] } } }],
    ['arguments that are no texts', { mcpServers: { a: { command: 'a', args: [1] } } }],
    ['headers that are none', { mcpServers: { a: { url: 'https://a.example', headers: [] } } }],
    ['an environment of objects', { mcpServers: { a: { command: 'a', env: { A: {} } } } }],
    ['sign-in that is none', { mcpServers: { a: { url: 'https://a.example', oauth: { clientId: 1 } } } }],
  ])('takes %s when the file’s reader does', (_, content) => {
    const { faults } = parseConfig(JSON.stringify(content), 'mcp.json', 'user');
    expect(servers(content), JSON.stringify(servers.errors)).toBe(faults.length === 0);
  });
});
