import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { answerJson, type Envelope, ended, envelopeOf, Kosmo, TestApi } from './kosmo.ts';

const key = 'sk_live_planted_secret_0123456789';
const homes: Kosmo[] = [];
const apis: TestApi[] = [];
afterAll(() => {
  for (const kosmo of homes) kosmo.remove();
  for (const api of apis) api.close();
});

function home(variables: Record<string, string> = {}): Kosmo {
  const kosmo = new Kosmo(variables);
  homes.push(kosmo);
  return kosmo;
}

async function withApi(...parameters: Parameters<typeof TestApi.open>) {
  const api = await TestApi.open(...parameters);
  apis.push(api);
  return { api, kosmo: home({ WORKOS_API_KEY: key, WORKOS_BASE_URL: api.url }) };
}

async function list(kosmo: Kosmo, ...options: string[]): Promise<Envelope[]> {
  const { stdout } = await kosmo.run(['runs:list', '--json', ...options]);
  return envelopeOf(stdout)['runs'] as Envelope[];
}
const show = async (kosmo: Kosmo, id: string) =>
  envelopeOf((await kosmo.run(['runs:show', id, '--json'])).stdout);

describe('the journal', () => {
  it('keeps runs and calls, made and refused, and finds them again', async () => {
    const { kosmo } = await withApi((_, response) => answerJson(response, 200, { data: [] }));
    const run = await kosmo.lua(`
      app.integrations.workos.list_organizations{ limit = 3 }
      pcall(app.integrations.workos.list_users, { limt = 1 })
      app.integrations.workos.create_user{ email = "a@b.test", password = "planted_secret" }`);
    expect(run).toMatchObject({ status: 3, error: { code: 'approval_required' } });
    const call = await kosmo.run(['integrations:call', 'workos.list_organizations', '--json']);
    expect(call.status).toBe(0);

    const runs = await list(kosmo);
    expect(runs).toMatchObject([
      { command: 'integrations:call', state: 'done', program: null, calls: 1, failed_calls: 0 },
      {
        command: 'integrations:lua',
        state: 'failed',
        program: 'eval',
        error: 'approval_required',
        calls: 3,
        failed_calls: 2,
      },
    ]);
    const id = run['meta'].run as string;
    expect(runs[1]?.['id']).toBe(id);
    expect(await show(kosmo, id)).toMatchObject({
      id,
      calls: [
        {
          function: 'workos.workos_organizations_list',
          account: 'default',
          effect: 'read',
          arguments: { limit: 3 },
          status: 200,
          attempts: 1,
          request_id: 'req_test',
          error: null,
        },
        { function: 'workos.workos_userland_users_list_0', attempts: 0, error: 'invalid_arguments' },
        {
          effect: 'write',
          arguments: { email: 'a@b.test', password: '[redacted]' },
          attempts: 0,
          error: 'approval_required',
        },
      ],
    });
    const ids = async (...options: string[]) => (await list(kosmo, ...options)).map((entry) => entry['id']);
    expect(await ids('--failed')).toEqual([id]);
    expect(await ids('--function', 'workos.create_user')).toEqual([id]);
    expect(await ids('--function', 'list_*', '--limit', '1')).toHaveLength(1);
    expect(await ids('--since', '1h')).toHaveLength(2);
    expect(await ids('--since', '2100-01-01')).toEqual([]);

    const shown = await kosmo.run(['runs:show', id]);
    expect(shown.stdout).toContain('approval_required');
    expect((await kosmo.run(['runs:list'])).stdout).toContain('integrations:lua eval');
    const files = readdirSync(kosmo.home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    expect(files.length).toBeGreaterThan(0);
    for (const text of [shown.stdout, ...files]) expect(text).not.toContain('planted_secret');
  });

  it('says what it cannot find or understand', async () => {
    const kosmo = home();
    expect(await list(kosmo)).toEqual([]);
    const unknown = await kosmo.run(['runs:show', 'run_none']);
    expect([unknown.status, unknown.stderr]).toEqual([
      1,
      expect.stringContaining('There is no run run_none') as string,
    ]);
    for (const options of [['--since', 'yesterday'], ['--limit', '0'], ['--nonsense']]) {
      expect((await kosmo.run(['runs:list', ...options])).status).toBe(2);
    }
    expect((await kosmo.run(['runs:show'])).status).toBe(2);
  });

  it('has the calls that a killed run had sent', async () => {
    let arrived: (() => void) | null = null;
    const { kosmo } = await withApi((request) => {
      if (request.method === 'POST') arrived?.();
    });
    const sent = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const child = kosmo.start([
      'integrations:lua',
      '--force',
      '--eval',
      'app.integrations.workos.create_organization{ name = "Acme" }',
    ]);
    await sent;
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await list(kosmo, '--failed')).toMatchObject([{ state: 'killed', duration_ms: null, calls: 1 }]);
    expect(await show(kosmo, 'last')).toMatchObject({
      calls: [
        { function: 'workos.workos_organizations_create', arguments: { name: 'Acme' }, duration_ms: null },
      ],
    });
  });

  it('has a run that was interrupted, and what may have become of its call', async () => {
    let arrived: (() => void) | null = null;
    const { kosmo } = await withApi(() => arrived?.());
    const sent = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const child = kosmo.start([
      'integrations:lua',
      '--json',
      '--force',
      '--eval',
      'app.integrations.workos.create_organization{ name = "Acme" }',
    ]);
    await sent;
    child.kill('SIGINT');
    const { status, stdout } = await ended(child);
    expect([status, envelopeOf(stdout)['error'].code]).toEqual([130, 'interrupted']);
    expect(await list(kosmo)).toMatchObject([{ state: 'failed', error: 'interrupted' }]);
    expect(await show(kosmo, 'last')).toMatchObject({ calls: [{ attempts: 1, error: 'outcome_unknown' }] });
  });

  it('is written by eight processes at once, while others read it', async () => {
    const kosmo = home();
    const program = 'for i = 1, 5 do app.integrations.workos.create_organization{ name = "Acme " .. i } end';
    const runs = Array.from({ length: 8 }, () => kosmo.lua(program, '--local'));
    const reads = Array.from({ length: 3 }, () => list(kosmo));
    expect((await Promise.all(runs)).map(({ status }) => status)).toEqual(Array(8).fill(0));
    await Promise.all(reads);
    const kept = await list(kosmo);
    expect(kept.map(({ state, calls }) => [state, calls])).toEqual(Array(8).fill(['done', 5]));
    expect(readdirSync(join(kosmo.home, 'kosmo/journal/spool'))).toEqual([]);
  }, 60_000);

  it('that cannot be written is a warning, and fails no run', async () => {
    const kosmo = home();
    mkdirSync(join(kosmo.home, 'kosmo'), { recursive: true });
    writeFileSync(join(kosmo.home, 'kosmo/journal'), 'in the way');
    const run = await kosmo.lua('return app.integrations.workos.list_organizations{}.object', '--local');
    expect(run).toMatchObject({ status: 0, result: 'list' });
    expect(run['meta'].warnings).toEqual([
      expect.stringMatching(/^The journal cannot be written \(ENOTDIR, /) as string,
    ]);
    const plain = await kosmo.run(['integrations:lua', '--eval', 'print("hello")']);
    expect([plain.status, plain.stdout]).toEqual([0, 'hello\n']);
    expect(plain.stderr).toMatch(/^warning: The journal cannot be written/);
    expect((await kosmo.run(['runs:list'])).status).toBe(4);
  });
});
