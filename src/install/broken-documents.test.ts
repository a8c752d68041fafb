import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Home } from '../home/index.ts';
import { type Failure, failureOf } from '../support/errors.ts';
import { Installer } from './installer.ts';

const folder = mkdtempSync(join(tmpdir(), 'kosmo-broken-'));
const home = new Home(join(folder, 'home'));
const unreached = () => Promise.reject(new Error('nothing is fetched here'));
const installer = new Installer({
  home,
  box: join(folder, 'box'),
  reach: { get: unreached, npm: unreached },
  now: () => new Date(0),
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Why a document is not taken. */
async function refusal(text: string): Promise<Failure> {
  const spec = join(folder, 'broken.yaml');
  writeFileSync(spec, text);
  try {
    await installer.install(await installer.prepare('broken', { spec }));
  } catch (error) {
    return failureOf(error);
  }
  throw new Error('it was installed');
}

const head = 'openapi: 3.1.0\ninfo: { title: T, version: "1" }\n';
const get = (operation: string) => `${head}paths:\n  /things:\n    get: ${operation}\n`;
const ok = 'responses: { "200": { description: OK } }';

/** Documents with one fault each: what is wrong, the text, and what the message must say. */
const corpus: readonly (readonly [fault: string, text: string, said: string])[] = [
  ['is no YAML', 'openapi: 3.1.0\ninfo: [', 'does not parse'],
  ['is no JSON', '{ "openapi": "3.1.0", ', 'does not parse'],
  ['names a key twice', `${head}paths: {}\npaths: {}\n`, 'duplicated mapping key'],
  ['is a list', '- openapi: 3.1.0\n', '#/: it is no OpenAPI document'],
  ['is empty', '', '#/: it is no OpenAPI document'],
  ['says no version', 'info: { title: T }\npaths: {}\n', '#/openapi: it says no version'],
  ['is of version 4', 'openapi: 4.0.0\npaths: {}\n', '#/openapi: version "4.0.0" is none'],
  ['is Swagger', 'swagger: "2.0"\npaths: {}\n', '#/swagger: it is Swagger "2.0"'],
  ['describes no operation', `${head}paths: {}\n`, '#/paths is empty'],
  ['has a list of paths', `${head}paths: []\n`, '#/paths: Expected type `Paths`'],
  ['has a list for a path', `${head}paths: { /things: [] }\n`, '#/paths/~1things: Expected type `PathItem`'],
  ['has a text for an operation', get('oops'), '#/paths/~1things/get: Expected type `Operation`'],
  [
    'has a parameter without a name',
    get(`{ parameters: [{ in: query }], ${ok} }`),
    '#/paths/~1things/get/parameters/0',
  ],
  [
    'has a parameter nowhere',
    get(`{ parameters: [{ name: a, in: nowhere }], ${ok} }`),
    '#/paths/~1things/get/parameters/0/in',
  ],
  [
    'has parameters that are no list',
    get(`{ parameters: { a: 1 }, ${ok} }`),
    '#/paths/~1things/get/parameters: Expected type',
  ],
  [
    'refers to nothing',
    get(`{ parameters: [{ $ref: "#/components/parameters/No" }], ${ok} }`),
    "#/paths/~1things/get/parameters/0: Can't resolve $ref",
  ],
  [
    'refers to a schema that is not there',
    get(
      '{ responses: { "200": { description: OK, content: { application/json: { schema: { $ref: "#/components/schemas/No" } } } } } }',
    ),
    "/schema: Can't resolve $ref",
  ],
  [
    'has references in a circle',
    `${head}paths: { /things: { get: { ${ok} } } }\ncomponents: { schemas: { A: { $ref: "#/components/schemas/B" }, B: { $ref: "#/components/schemas/A" } } }\n`,
    '#/components/schemas/A: its $ref leads back to itself',
  ],
  [
    'refers to a file that is not there',
    get(`{ parameters: [{ $ref: "./no.yaml" }], ${ok} }`),
    'no.yaml: there is no such file',
  ],
  [
    'refers to a URL',
    get(`{ parameters: [{ $ref: "https://example.com/p.yaml" }], ${ok} }`),
    'which may not be read without --remote-refs example.com',
  ],
  [
    'has a body without content',
    get(`{ requestBody: {}, ${ok} }`),
    '#/paths/~1things/get/requestBody: The field `content` must be present',
  ],
  [
    'has servers that are no list',
    `${head}servers: { url: x }\npaths: { /things: { get: { ${ok} } } }\n`,
    '#/servers: Expected type',
  ],
  [
    'has a server without a URL',
    `${head}servers: [{ description: x }]\npaths: { /things: { get: { ${ok} } } }\n`,
    '#/servers/0: The field `url` must be present',
  ],
  [
    'has a security scheme without a type',
    `${head}paths: { /things: { get: { ${ok} } } }\ncomponents: { securitySchemes: { key: { in: header } } }\n`,
    '#/components/securitySchemes/key: The field `type` must be present',
  ],
  [
    'has a schema whose properties are a list',
    `${head}paths: { /things: { get: { ${ok} } } }\ncomponents: { schemas: { A: { properties: [] } } }\n`,
    '#/components/schemas/A/properties: Expected type',
  ],
  ['contains itself by an alias', `${head}paths: &p\n  /things: *p\n`, 'an alias that contains itself'],
  [
    'grows without measure by aliases',
    `${head}x-a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n${'bcdefgh'
      .split('')
      .map((name, at) => `x-${name}: &${name} [${Array(10).fill(`*${'abcdefg'[at]}`).join(', ')}]\n`)
      .join('')}paths: {}\n`,
    'aliases that multiply it without measure',
  ],
  [
    'says two things of one effect',
    get(`{ x-kosmo-effect: maybe, ${ok} }`),
    'x-kosmo-effect must be read, write or destructive',
  ],
];

describe('a document that', () => {
  it('leaves a schema empty is installed, and the place is a remark', async () => {
    const spec = join(folder, 'empty-schema.yaml');
    const body = 'requestBody: { content: { application/json: { schema: } } }';
    writeFileSync(spec, get(`{ ${body}, ${ok} }`));
    const { remarks, edition } = await installer.prepare('empty', { spec });
    expect(edition.manifest.operations[0]?.body?.schema).toEqual({});
    expect(remarks.map(({ pointer }) => pointer)).toContain(
      '#/paths/~1things/get/requestBody/content/application~1json/schema',
    );
  });

  it.each(corpus)('%s is not installed, and the fault is named with its place', async (_, text, said) => {
    const { code, message } = await refusal(text);
    expect(code).toBe('document_invalid');
    expect(message).toContain(said);
    expect(message).not.toMatch(/\bat \S+ \(|node_modules/);
    expect(existsSync(home.file('integrations'))).toBe(false);
  });

  it('has several faults shows all of them at once, each as data, too', async () => {
    const { details } = await refusal(get(`{ parameters: [{ in: query }, { name: b }], ${ok} }`));
    const pointers = (details['faults'] as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(pointers).toContain('#/paths/~1things/get/parameters/0');
    expect(pointers).toContain('#/paths/~1things/get/parameters/1');
  });
});
