import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileManifest } from '../../src/manifest/compile.ts';
import { writeManifest } from '../../src/manifest/store.ts';
import { answerJson, Kosmo, repository, TestApi } from './kosmo.ts';

/** Every way a secret can come to an account, each with a secret of its own. */
const planted = {
  stored: 'sk_planted_stored_81c7',
  command: 'sk_planted_command_5e02',
  variable: 'sk_planted_variable_9b44',
  client: 'planted_client_secret_77ad',
  refresh: 'planted_refresh_token_3f10',
  token: 'planted_access_token_c0de',
  next: 'planted_next_refresh_b1b1',
  brought: 'planted_brought_token_4d2e',
  /** Of a call, not of an account. */
  literal: 'planted_literal_token_5c3b',
  key: 'planted KOSMO_KEY words 6a6a',
} as const;
/** What is looked for: the secrets, and the forms they take in headers and URLs. */
const needles = Object.values(planted).flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1),
]);

let api: TestApi;
let kosmo: Kosmo;
const seen: string[] = [];
const processes: string[] = [];

beforeAll(async () => {
  api = await TestApi.open(({ url, headers, body }, response) => {
    if (api.received.length <= 8) processes.push(...commandLines());
    if (url === '/token') {
      answerJson(response, 200, {
        access_token: planted.token,
        refresh_token: planted.next,
        token_type: 'bearer',
        expires_in: 3600,
      });
      return;
    }
    // An API that says back everything it was told, where it works and where it fails.
    const echo = {
      authorization: headers.authorization ?? null,
      url,
      body,
      message: `You sent ${headers.authorization}`,
    };
    answerJson(response, url.includes('users') ? 422 : 200, { ...echo, data: [echo] });
  });
  kosmo = new Kosmo({
    WORKOS_API_KEY__ENV: planted.variable,
    WORKOS_BASE_URL__ENV: api.url,
    KOSMO_KEY: planted.key,
    PLANTED: planted.command,
  });
  install();
});
afterAll(() => {
  api.close();
  kosmo.remove();
});

/** An API with every kind of credential that a document can ask for. */
function install(): void {
  const content = {
    openapi: '3.1.0',
    info: { title: 'Every kind', version: '1' },
    servers: [{ url: api.url }],
    components: {
      securitySchemes: {
        oauth: {
          type: 'oauth2',
          flows: {
            authorizationCode: { authorizationUrl: `${api.url}/a`, tokenUrl: `${api.url}/token`, scopes: {} },
          },
        },
        basic: { type: 'http', scheme: 'basic' },
        header: { type: 'apiKey', in: 'header', name: 'X-Key', 'x-kosmo-field': 'header_key' },
        query: { type: 'apiKey', in: 'query', name: 'key', 'x-kosmo-field': 'query_key' },
      },
    },
    paths: Object.fromEntries(
      ['oauth', 'basic', 'header', 'query'].map((scheme) => [
        `/${scheme}`,
        {
          get: {
            operationId: `with_${scheme}`,
            summary: `With ${scheme}`,
            security: [{ [scheme]: [] }],
            responses: { 200: { description: 'OK' } },
          },
        },
      ]),
    ),
  };
  const document = { content, location: 'kinds.json', version: '1', sha256: '' };
  writeManifest(
    join(kosmo.home, 'kosmo/integrations/kinds'),
    compileManifest('kinds', document, content, []),
  );
}

/** The command line of every process there is, where the system tells. */
function commandLines(): string[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        } catch {
          return '';
        }
      });
  } catch {
    return [];
  }
}

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(path);
    return [path];
  });
}

async function run(args: readonly string[], input = ''): Promise<string> {
  const { stdout, stderr } = await kosmo.run(args, input);
  seen.push(stdout, stderr);
  return stdout;
}

describe('a secret', () => {
  it('is sent where it belongs', async () => {
    const stdin = ['--stdin-json', '--json'];
    const workos = { api_key: planted.stored, access_token: planted.brought, url: api.url };
    await run(['integrations:configure', 'workos', ...stdin], JSON.stringify(workos));
    await run([
      'integrations:configure',
      'workos',
      '--account',
      'vault',
      '--set-command',
      'api_key=printenv PLANTED',
      '--set',
      `url=${api.url}`,
    ]);
    const kinds = {
      client_id: 'client_1',
      client_secret: planted.client,
      refresh_token: planted.refresh,
      username: 'somebody',
      password: planted.stored,
      header_key: planted.stored,
      query_key: planted.stored,
    };
    await run(['integrations:configure', 'kinds', ...stdin], JSON.stringify(kinds));
    const programs = [
      'for _, f in ipairs{ "oauth", "basic", "header", "query" } do dump(app.integrations.kinds["with_" .. f]{}) end',
      'dump(app.integrations.workos.list_organizations{}) dump(app.integrations.workos.vault.list_organizations{}) dump(app.integrations.workos.env.list_organizations{})',
      'local ok, e = pcall(app.integrations.workos.list_users, {}) print(e) dump(e) error(e)',
      'app.integrations.workos.vault.list_users{ limit = "many" }',
      'app.integrations.workos.env.create_organization{ name = "x" }',
      'dump(app.integrations.workos.validate_api_key{})',
      `dump(app.integrations.workos.get_user_profile{ access_token = app.integrations.workos.get_user_profile{}.authorization or "x" })`,
      'for k, v in pairs(_G) do dump(v) end dump(app) dump(app.integrations.workos.vault)',
    ];
    const failing = programs[2] ?? '';
    const call = ['integrations:call', 'workos.create_organization', '{"name":"x"}'];
    await Promise.all([
      ...programs.map((program) => run(['integrations:lua', '--eval', program, '--json', '--force'])),
      run(['integrations:lua', '--eval', failing]),
      run(
        ['integrations:lua', '--json'],
        `dump(app.integrations.workos.get_user_profile{ access_token = "${planted.literal}" })`,
      ),
      run(['integrations:lua', '--eval', failing, '--dry-run', '--json']),
      run([...call, '--account', 'vault', '--dry-run']),
      run([...call, '--json']),
      run([...call, '--account', 'env', '--json', '--force']),
    ]);
    const sent = api.received.map(({ url, headers }) => JSON.stringify([url, headers]));
    const basic = Buffer.from(`somebody:${planted.stored}`).toString('base64');
    for (const [name, text] of [
      ['stored', `Bearer ${planted.stored}`],
      ['command', `Bearer ${planted.command}`],
      ['variable', `Bearer ${planted.variable}`],
      ['token', `Bearer ${planted.token}`],
      ['literal', `Bearer ${planted.literal}`],
      ['basic', `Basic ${basic}`],
      ['header', `"x-key":"${planted.stored}"`],
      ['query', `/query?key=${planted.stored}`],
    ]) {
      expect([name, sent.some((request) => request.includes(text ?? ''))]).toEqual([name, true]);
    }
  }, 90_000);

  it('is shown nowhere: what is printed, errors, status, doctor', async () => {
    await Promise.all([
      run(['integrations:status']),
      run(['integrations:status', '--json']),
      run(['integrations:doctor']),
      run(['integrations:doctor', '--json']),
    ]);
    // A broken file is told of without what it holds.
    await run(['integrations:configure', 'workos', '--stdin-json'], `{ "api_key": "${planted.stored}" `);
    await run(['integrations:configure', 'workos', '--stdin-json'], `{ "api_key": ["${planted.stored}"] }`);
    await run(
      ['integrations:configure', 'workos', '--stdin-json'],
      `{ "${planted.stored}": 1 }`.replace(planted.stored, 'apikey'),
    );
    expect(seen.join('').length).toBeGreaterThan(1_000);
    for (const needle of needles) expect(seen.filter((text) => text.includes(needle))).toEqual([]);
  });

  it('stands in no file of the home but encrypted', () => {
    const all = files(kosmo.home);
    expect(all.map((path) => path.slice(kosmo.home.length))).toContain('/kosmo/credentials.json');
    for (const path of all) {
      const content = readFileSync(path).toString('latin1');
      for (const needle of needles) expect([path, content.includes(needle)]).toEqual([path, false]);
    }
  });

  it.runIf(process.platform === 'linux')('is on no command line of a process', () => {
    const ours = processes.filter((line) => line.includes(repository) || line.includes('printenv'));
    expect(ours.length).toBeGreaterThan(0);
    for (const needle of needles) expect(ours.filter((line) => line.includes(needle))).toEqual([]);
  });
});
