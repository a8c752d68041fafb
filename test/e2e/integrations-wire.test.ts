import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/support/json.ts';
import { type Envelope, envelopeOf, Kosmo } from './kosmo.ts';

/** A request as it came, its body as bytes. */
interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const received: Received[] = [];
/** What the API answers with: JSON unless a test says otherwise. */
let answer: { type: string; body: string | Buffer; headers?: Record<string, string> } | null = null;
const server: Server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method = '', url = '', headers } = request;
    received.push({ method, url, headers, body: Buffer.concat(chunks) });
    response.writeHead(200, { 'content-type': answer?.type ?? 'application/json', ...answer?.headers });
    response.end(answer?.body ?? '{"ok":true}');
  });
});

const kosmo = new Kosmo({ WIRE_API_KEY: 'the-key', WIRE_APP: 'the-app' });
const folder = mkdtempSync(join(tmpdir(), 'kosmo-wire-'));
let base: string;

const text = { type: 'string' };
const list = { type: 'array', items: text };
const object = { type: 'object', additionalProperties: text };
const parameter = (name: string, place: string, schema: JsonObject, more: JsonObject = {}) => ({
  name,
  in: place,
  schema,
  ...(place === 'path' ? { required: true } : {}),
  ...more,
});
const ok = { responses: { 200: { description: 'OK', content: { 'application/json': { schema: {} } } } } };
const body = (type: string, schema: JsonObject, more: JsonObject = {}) => ({
  requestBody: { required: true, content: { [type]: { schema, ...more } } },
});

const document = {
  openapi: '3.1.0',
  info: { title: 'Wire', version: '1' },
  servers: [
    {
      url: 'http://{host}/{area}',
      variables: { host: { default: 'x' }, area: { default: 'v1', enum: ['v1', 'v2'] } },
    },
  ],
  security: [{ key: [] }],
  components: {
    securitySchemes: {
      key: { type: 'apiKey', in: 'header', name: 'X-Key', 'x-kosmo-field': 'api_key' },
      app: { type: 'apiKey', in: 'query', name: 'app', 'x-kosmo-field': 'app' },
      session: { type: 'apiKey', in: 'cookie', name: 'sid', 'x-kosmo-field': 'session' },
      token: { type: 'http', scheme: 'Token', 'x-kosmo-field': 'api_key' },
      basic: { type: 'http', scheme: 'basic' },
      certificate: { type: 'mutualTLS' },
    },
  },
  paths: {
    '/path/{a}/{b}/{c}/{d}/{e}': {
      get: {
        operationId: 'paths',
        summary: 'Show paths',
        parameters: [
          parameter('a', 'path', list),
          parameter('b', 'path', object, { explode: true }),
          parameter('c', 'path', list, { style: 'label', explode: true }),
          parameter('d', 'path', list, { style: 'matrix' }),
          parameter('e', 'path', object, { style: 'matrix', explode: true }),
        ],
        ...ok,
      },
    },
    '/query': {
      get: {
        operationId: 'queries',
        summary: 'Show queries',
        parameters: [
          parameter('exploded', 'query', list),
          parameter('joined', 'query', list, { explode: false }),
          parameter('spaced', 'query', list, { style: 'spaceDelimited', explode: false }),
          parameter('piped', 'query', list, { style: 'pipeDelimited', explode: false }),
          parameter('deep', 'query', { type: 'object' }, { style: 'deepObject' }),
          parameter('flat', 'query', object),
          parameter('url', 'query', text, { allowReserved: true }),
          { name: 'filter', in: 'query', content: { 'application/json': { schema: { type: 'object' } } } },
        ],
        ...ok,
      },
    },
    '/headers': {
      get: {
        operationId: 'headers',
        summary: 'Show headers',
        parameters: [
          parameter('X-List', 'header', list),
          parameter('X-Object', 'header', object, { explode: true }),
          parameter('tracking', 'cookie', text),
        ],
        ...ok,
      },
    },
    '/things/{id}': {
      post: {
        operationId: 'clash',
        summary: 'Show a clash',
        parameters: [
          parameter('id', 'path', text),
          parameter('id', 'query', text),
          parameter('body', 'query', text),
        ],
        ...body('application/json', { type: 'object', properties: { name: text } }),
        ...ok,
      },
    },
    '/form': {
      post: {
        operationId: 'form',
        summary: 'Send a form',
        ...body(
          'application/x-www-form-urlencoded',
          {
            type: 'object',
            properties: {
              name: text,
              tags: list,
              joined: list,
              meta: { type: 'object' },
              deep: { type: 'object' },
            },
          },
          { encoding: { joined: { explode: false }, deep: { style: 'deepObject', explode: true } } },
        ),
        ...ok,
      },
    },
    '/photos': {
      post: {
        operationId: 'photo',
        summary: 'Upload a photo',
        ...body(
          'multipart/form-data',
          {
            type: 'object',
            required: ['photo'],
            properties: {
              photo: { type: 'string', contentMediaType: 'image/png' },
              more: { type: 'array', items: { type: 'string', format: 'binary' } },
              title: text,
              meta: { type: 'object', properties: { size: { type: 'integer' } } },
            },
          },
          { encoding: { photo: { contentType: 'image/png' } } },
        ),
        ...ok,
      },
    },
    '/raw': {
      put: { operationId: 'raw', summary: 'Put bytes', ...body('application/octet-stream', {}), ...ok },
    },
    '/note': { put: { operationId: 'note', summary: 'Put a note', ...body('text/plain', text), ...ok } },
    '/patch': {
      patch: {
        operationId: 'patch',
        summary: 'Patch',
        ...body('application/merge-patch+json', { type: 'object' }),
        ...ok,
      },
    },
    '/report': {
      get: {
        operationId: 'report',
        summary: 'Get a report',
        responses: { 200: { description: 'OK', content: { 'application/pdf': { schema: {} } } } },
      },
    },
    '/csv': {
      get: {
        operationId: 'csv',
        summary: 'Get CSV',
        responses: { 200: { description: 'OK', content: { 'text/csv': { schema: text } } } },
      },
    },
    '/both': { get: { operationId: 'both', summary: 'Need both', security: [{ key: [], app: [] }], ...ok } },
    '/either': {
      get: {
        operationId: 'either',
        summary: 'Need either',
        security: [{ session: [] }, { token: [] }],
        ...ok,
      },
    },
    '/maybe': {
      get: { operationId: 'maybe', summary: 'Need nothing', security: [{ session: [] }, {}], ...ok },
    },
    '/sealed': {
      get: { operationId: 'sealed', summary: 'Need a certificate', security: [{ certificate: [] }], ...ok },
    },
    '/slow': {
      get: {
        operationId: 'slow',
        summary: 'Match slowly',
        parameters: [parameter('text', 'query', { type: 'string', pattern: '^(a+)+$' })],
        ...ok,
      },
    },
    '/accounts/{id}': {
      post: {
        operationId: 'account',
        summary: 'Create an account',
        parameters: [parameter('id', 'path', text)],
        ...body('application/json', {
          type: 'object',
          required: ['id', 'name'],
          properties: { id: { type: 'string', readOnly: true }, name: text },
        }),
        ...ok,
      },
      delete: { operationId: 'remove', summary: 'Remove an account', ...ok },
    },
  },
};

let added: Envelope;

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const spec = join(folder, 'wire.json');
  writeFileSync(spec, JSON.stringify(document));
  added = envelopeOf((await kosmo.run(['integrations:add', 'wire', '--spec', spec, '--json'])).stdout);
});

beforeEach(() => {
  received.length = 0;
  answer = null;
});

afterAll(() => {
  server.close();
  kosmo.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a program against the API; what it returned, or its error. */
async function lua(program: string, ...options: string[]): Promise<Envelope> {
  const { stdout } = await kosmo.run(
    ['integrations:lua', '--json', '--force', '--eval', program, ...options],
    '',
    { WIRE_HOST: base },
  );
  return envelopeOf(stdout);
}

async function sent(program: string, ...options: string[]): Promise<Received> {
  const { error } = await lua(program, ...options);
  expect(error).toBeNull();
  const [only] = received;
  if (only === undefined) throw new Error('nothing was sent');
  return only;
}

const wire = 'app.integrations.wire';

describe('parameters', () => {
  it('are written into a path by every style', async () => {
    const { url } = await sent(
      `return ${wire}.show_paths{ a = {"1","2"}, b = {x="1"}, c = {"3","4"}, d = {"5","6/7"}, e = {y="8"} }`,
    );
    expect(url).toBe('/v1/path/1,2/x=1/.3.4/;d=5,6%2F7/;y=8');
  });

  it('are written into a query by every style', async () => {
    const { url } = await sent(
      `return ${wire}.show_queries{ exploded={"a","b"}, joined={"a","b"}, spaced={"a","b"}, piped={"a","b"},
         deep={x={y="1"}, z={"2","3"}}, flat={q="4"}, url="https://a/b?c", filter={on=true} }`,
    );
    const [, query = ''] = url.split('?', 2);
    expect(
      url
        .slice(url.indexOf('?') + 1)
        .split('&')
        .sort(),
    ).toEqual(
      [
        'exploded=a',
        'exploded=b',
        'joined=a,b',
        'spaced=a%20b',
        'piped=a%7Cb',
        'deep[x][y]=1',
        'deep[z][]=2',
        'deep[z][]=3',
        'q=4',
        'url=https://a/b?c',
        'filter=%7B%22on%22%3Atrue%7D',
      ].sort(),
    );
    expect(query).not.toBe('');
  });

  it('are written into headers and cookies', async () => {
    const { headers } = await sent(
      `return ${wire}.show_headers{ x_list={"a","b"}, x_object={k="v"}, tracking="t 1" }`,
    );
    expect(headers).toMatchObject({ 'x-list': 'a,b', 'x-object': 'k=v', cookie: 'tracking=t%201' });
  });

  it('of one name are told apart by their place, and the report says so', async () => {
    const { url, body: content } = await sent(
      `return ${wire}.show_clash{ id = "1", query_id = "2", query_body = "3", body = { name = "n" } }`,
    );
    expect(url).toBe('/v1/things/1?id=2&body=3');
    expect(JSON.parse(String(content))).toEqual({ name: 'n' });
    expect(added['report'].renamed).toEqual([
      { operation: 'POST /things/{id}', argument: 'query_id' },
      { operation: 'POST /things/{id}', argument: 'query_body' },
    ]);
  });

  it('are checked without end in sight only for so long', async () => {
    const started = performance.now();
    const { error } = await lua(`return ${wire}.match_slowly{ text = ("a"):rep(40) .. "!" }`);
    expect(error).toBeNull();
    // Forty letters would take days; a second is what they get.
    expect(performance.now() - started).toBeLessThan(60_000);
  });

  it('that only answers have are not asked for', async () => {
    const { body: content } = await sent(`return ${wire}.create_account{ id = "1", name = "n" }`);
    expect(JSON.parse(String(content))).toEqual({ name: 'n' });
  });
});

describe('bodies', () => {
  it('are forms', async () => {
    const { body: content, headers } = await sent(
      `return ${wire}.send_form{ name = "a & b", tags = {"1","2"}, joined = {"3","4"}, meta = {x=1}, deep = {y="2"} }`,
    );
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(String(content).split('&').sort()).toEqual(
      ['name=a+%26+b', 'tags=1', 'tags=2', 'joined=3,4', 'meta=%7B%22x%22%3A1%7D', 'deep[y]=2'].sort(),
    );
  });

  it('are multipart forms with files, by their path on the command line', async () => {
    const photo = join(folder, 'cat "1".png');
    const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff, 13, 10]);
    writeFileSync(photo, bytes);
    const { stdout } = await kosmo.run(
      [
        'integrations:wire',
        'upload_photo',
        '--photo',
        photo,
        '--title',
        'Cat',
        '--arg',
        'meta:={"size":2}',
        '--arg',
        `more:=["${join(folder, 'wire.json')}",{"text":"hi","name":"n.txt","type":"text/plain"}]`,
        '--force',
        '--json',
      ],
      '',
      { WIRE_HOST: base },
    );
    expect(envelopeOf(stdout)).toMatchObject({ success: true });
    const [{ headers, body: content } = { headers: {}, body: Buffer.alloc(0) }] = received;
    const form = await new Response(content, {
      headers: { 'content-type': String(headers['content-type']) },
    }).formData();
    const file = form.get('photo') as File;
    expect([file.name, file.type]).toEqual(['cat "1".png', 'image/png']);
    expect(Buffer.from(await file.arrayBuffer())).toEqual(bytes);
    expect(form.get('title')).toBe('Cat');
    expect(JSON.parse(form.get('meta') as string)).toEqual({ size: 2 });
    const [first, second] = form.getAll('more') as File[];
    expect(await first?.text()).toBe(readFileSync(join(folder, 'wire.json'), 'utf8'));
    expect([second?.name, second?.type, await second?.text()]).toEqual(['n.txt', 'text/plain', 'hi']);
  });

  it('are shown in a dry run without what is in their files', async () => {
    const { stdout } = await kosmo.run(
      ['integrations:call', 'wire.upload_photo', '--photo', join(folder, 'wire.json'), '--dry-run', '--json'],
      '',
      { WIRE_HOST: base },
    );
    expect(envelopeOf(stdout)['data'].body).toEqual({
      photo: { file: 'wire.json', bytes: readFileSync(join(folder, 'wire.json')).length },
    });
  });

  it('are bytes, text, and JSON of another type', async () => {
    const raw = await sent(`return ${wire}.put_bytes{ body = { base64 = "AAH/" } }`);
    expect([raw.headers['content-type'], [...raw.body]]).toEqual(['application/octet-stream', [0, 1, 255]]);
    received.length = 0;
    const note = await sent(`return ${wire}.put_note{ body = "héllo" }`);
    expect([note.headers['content-type'], String(note.body)]).toEqual(['text/plain', 'héllo']);
    received.length = 0;
    const patch = await sent(`return ${wire}.patch{ body = { a = json.null } }`);
    expect([patch.headers['content-type'], String(patch.body)]).toEqual([
      'application/merge-patch+json',
      '{"a":null}',
    ]);
  });

  it('hold a file that a program names only where its folder is allowed', async () => {
    const allowed = join(folder, 'allowed');
    mkdirSync(allowed, { recursive: true });
    writeFileSync(join(allowed, 'in.bin'), 'inside');
    symlinkSync('/etc/passwd', join(allowed, 'link'));
    const put = (path: string) => `return ${wire}.put_bytes{ body = ${JSON.stringify(path)} }`;
    const refused = await lua(put(join(allowed, 'in.bin')));
    expect(refused['error']).toMatchObject({
      code: 'file_refused',
      hint: expect.stringContaining('--allow-files'),
    });
    for (const path of [
      '/etc/passwd',
      join(allowed, '../wire.json'),
      join(allowed, 'link'),
      join(allowed, 'none'),
    ]) {
      const { error } = await lua(put(path), '--allow-files', allowed);
      expect(error.code).toBe('file_refused');
      expect(JSON.stringify(error)).not.toContain('root:');
    }
    expect(received).toEqual([]);
    expect(String((await sent(put(join(allowed, 'in.bin')), '--allow-files', allowed)).body)).toBe('inside');
  });
});

describe('answers', () => {
  it('that are no text are kept in a file', async () => {
    const bytes = Buffer.from([0x25, 0x50, 0x44, 0x46, 0xff, 0]);
    answer = {
      type: 'application/pdf',
      body: bytes,
      headers: { 'content-disposition': 'attachment; filename="../../r 1.pdf"' },
    };
    const { result } = await lua(`return ${wire}.get_report{}`);
    expect(result).toMatchObject({ bytes: 6, content_type: 'application/pdf' });
    expect(result.file).toMatch(/outputs\/[^/]*r_1\.pdf$/);
    expect(readFileSync(result.file)).toEqual(bytes);
    expect(received[0]?.headers.accept).toBe('application/pdf, application/json;q=0.9, */*;q=0.1');
  });

  it('that are text are that text', async () => {
    answer = { type: 'text/csv', body: 'a,b\n1,2\n' };
    expect(await lua(`return ${wire}.get_csv{}`)).toMatchObject({ result: 'a,b\n1,2\n' });
  });
});

describe('credentials', () => {
  it('are sent together where both are asked for', async () => {
    const { url, headers } = await sent(`return ${wire}.need_both{}`);
    expect([url, headers['x-key']]).toEqual(['/v1/both?app=the-app', 'the-key']);
  });

  it('are those of the first way that the account has', async () => {
    const { headers } = await sent(`return ${wire}.need_either{}`);
    expect([headers.authorization, headers.cookie]).toEqual(['Token the-key', undefined]);
    received.length = 0;
    const { stdout } = await kosmo.run(['integrations:wire', 'need_either', '--json'], '', {
      WIRE_HOST: base,
      WIRE_SESSION: 's1',
    });
    expect(envelopeOf(stdout)['success']).toBe(true);
    expect([received[0]?.headers.authorization, received[0]?.headers.cookie]).toEqual([undefined, 'sid=s1']);
  });

  it('are left out where none are needed, and where none can be served', async () => {
    const { headers } = await sent(`${wire}.need_nothing{}; return ${wire}.need_certificate{}`);
    expect([headers.authorization, headers['x-key'], headers.cookie]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(added['report'].unserved).toEqual([
      { operation: 'GET /sealed', reason: 'it asks for certificate mutualTLS' },
    ]);
  });

  it('and the variables of a server’s URL come from the account', async () => {
    const { stdout } = await kosmo.run(['integrations:wire', 'need_nothing', '--json'], '', {
      WIRE_HOST: base,
      WIRE_AREA: 'v2',
    });
    expect(envelopeOf(stdout)['success']).toBe(true);
    expect(received[0]?.url).toBe('/v2/maybe');
  });
});

describe('request{}', () => {
  it('calls by method and path', async () => {
    const {
      method,
      url,
      headers,
      body: content,
    } = await sent(
      `return ${wire}.request{ method = "POST", path = "/new/thing", query = { a = {"1","2"}, b = { c = "3" } },
         headers = { ["X-More"] = "m" }, body = { name = "n" } }`,
    );
    expect([method, url]).toEqual(['POST', '/v1/new/thing?a=1&a=2&b[c]=3']);
    expect(headers).toMatchObject({ 'x-key': 'the-key', 'x-more': 'm', 'content-type': 'application/json' });
    expect(JSON.parse(String(content))).toEqual({ name: 'n' });
  });

  it('is the function whose path it is, to the policy and in the journal', async () => {
    const attempt = `return ${wire}.request{ method = "DELETE", path = "/accounts/%37" }`;
    const { error } = await lua(attempt, '--deny', 'remove_*');
    expect(error).toMatchObject({
      code: 'denied',
      details: { function: 'wire.wire_remove', effect: 'destructive' },
    });
    expect((await lua(attempt, '--read-only'))['error']).toMatchObject({ code: 'denied' });
    expect(received).toEqual([]);
    const { integration_calls: calls } = await lua(attempt);
    expect(calls).toMatchObject([{ function: 'wire.wire_remove', effect: 'destructive', status: 200 }]);
  });

  it('asks for approval by its method where its path is no function’s', async () => {
    const { stdout } = await kosmo.run(
      ['integrations:lua', '--json', '--eval', `return ${wire}.request{ method = "PUT", path = "/x" }`],
      '',
      { WIRE_HOST: base },
    );
    expect(envelopeOf(stdout)['error']).toMatchObject({
      code: 'approval_required',
      details: { function: 'wire.wire_request', effect: 'write' },
    });
    expect((await sent(`return ${wire}.request{ method = "GET", path = "/x" }`)).url).toBe('/v1/x');
  });

  it.each([
    'x',
    '/../x',
    '/a/%2e%2e/b',
    '/a//b',
    '/a#b',
    '//evil.example/x',
    '/a%2fb',
    '/a\\\\b',
    '/{id}',
    '/a b',
  ])('takes no path that would lead elsewhere: %s', async (path) => {
    const { error } = await lua(`return ${wire}.request{ method = "GET", path = "${path}" }`);
    expect(error.code).toBe('invalid_arguments');
    expect(received).toEqual([]);
  });

  it('takes no header that is the account’s, and no argument it does not know', async () => {
    for (const more of [
      'headers = { Authorization = "x" }',
      'headers = { Host = "x" }',
      'bdoy = {}',
      'method = "TRACE"',
    ])
      expect(
        (await lua(`return ${wire}.request{ method = "GET", path = "/x", ${more} }`))['error'],
      ).toMatchObject({
        code: 'invalid_arguments',
      });
    expect(received).toEqual([]);
  });

  it('is there on the command line, too', async () => {
    const { stdout } = await kosmo.run(
      [
        'integrations:call',
        'wire.request',
        '--method',
        'GET',
        '--path',
        '/x',
        '--arg',
        'query.a=1',
        '--json',
      ],
      '',
      { WIRE_HOST: base },
    );
    expect(envelopeOf(stdout)).toMatchObject({ success: true });
    expect(received[0]?.url).toBe('/v1/x?a=1');
  });
});
