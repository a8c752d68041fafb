import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerJson, type Envelope, envelopeOf, Kosmo, TestApi } from './kosmo.ts';

const key = 'sk_live_for_the_doctor';
let api: TestApi;
let answer: { status: number; date: Date };
let kosmo: Kosmo;
beforeAll(async () => {
  api = await TestApi.open(({ headers }, response) => {
    response.setHeader('date', answer.date.toUTCString());
    const known = headers.authorization === `Bearer ${key}`;
    if (headers.authorization !== undefined && !known) answerJson(response, 401, { message: 'Unauthorized' });
    else
      answerJson(response, answer.status, {
        object: 'list',
        data: [],
        list_metadata: { before: null, after: null },
      });
  });
});
afterAll(() => api.close());
beforeEach(() => {
  kosmo = new Kosmo();
  answer = { status: 200, date: new Date() };
});
afterEach(() => kosmo.remove());

const home = (name: string) => join(kosmo.home, 'kosmo', name);
const configure = (values: Record<string, string>, ...args: string[]) =>
  kosmo.run(['integrations:configure', 'workos', '--stdin-json', ...args], JSON.stringify(values));
const doctor = async (...args: string[]) => {
  const { status, stdout } = await kosmo.run(['integrations:doctor', '--json', ...args]);
  const report = envelopeOf(stdout);
  const found = new Map((report['checks'] as Envelope[]).map((entry) => [entry['check'] as string, entry]));
  return {
    status,
    report,
    result: (check: string) => found.get(check)?.['result'],
    of: (check: string) => found.get(check),
  };
};

describe('integrations:doctor', () => {
  it('finds nothing wrong with an account that works', async () => {
    await configure({ api_key: key, url: api.url });
    const { status, report, of } = await doctor('workos');
    expect(report['checks'].filter(({ result }: Envelope) => result !== 'ok')).toEqual([]);
    expect({ status, success: report['success'] }).toEqual({ status: 0, success: true });
    expect(of('document')?.['message']).toContain('172 functions');
    expect(of('policy')?.['message']).toBe('read allow, write ask, destructive ask');
    expect(JSON.stringify(report)).not.toContain(key);
    const shown = await kosmo.run(['integrations:doctor']);
    expect(shown.stdout).toContain('ok    key          The API takes it');
  });

  it('says how to configure an account, when asked for an integration that has none', async () => {
    expect((await doctor()).status).toBe(0);
    const { status, of } = await doctor('workos');
    expect(status).toBe(1);
    expect(of('account')?.['fix']).toContain('kosmo integrations:configure workos --set api_key=…');
  });

  it('tells a key that is refused from an API that does not answer, or answers oddly', async () => {
    await configure({ api_key: 'sk_of_somebody_else', url: api.url });
    const refused = await doctor('workos');
    expect([refused.status, refused.result('reachable'), refused.result('key')]).toEqual([1, 'ok', 'failed']);
    expect(refused.of('key')?.['fix']).toBe('kosmo integrations:configure workos --set api_key=…');
    await configure({ api_key: key });
    answer = { status: 500, date: new Date() };
    const odd = await doctor('workos');
    expect(odd.of('key')).toMatchObject({
      result: 'failed',
      message: expect.stringContaining('500') as string,
    });
    await configure({ url: 'http://127.0.0.1:9' });
    const gone = await doctor('workos');
    expect([gone.result('reachable'), gone.result('key')]).toEqual(['failed', 'skipped']);
  });

  it('sees a clock that is wrong, a policy that lets nothing be tried, and what others may read', async () => {
    await configure({ api_key: key, url: api.url }, '--read', 'deny');
    answer = { status: 200, date: new Date(Date.now() - 3_600_000) };
    chmodSync(home('credentials.json'), 0o644);
    const { status, of, result } = await doctor('workos');
    expect(status).toBe(0);
    expect(of('clock')?.['message']).toMatch(/^This machine’s clock is 3[56]\d\d s ahead of the server’s\.$/);
    expect(result('key')).toBe('skipped');
    expect(of('permissions')).toMatchObject({
      result: 'warning',
      fix: `chmod go= ${home('credentials.json')}`,
    });
  });

  it('says why credentials cannot be had: a key that is gone, a command that fails', async () => {
    await configure({ api_key: key, url: api.url });
    await configure({ api_key: key }, '--account', 'work');
    await kosmo.run(['integrations:configure', 'workos', '--set-command', 'api_key=exit 3']);
    const failing = await doctor('workos', '--account', 'default');
    expect(failing.report['checks'].at(-1)).toMatchObject({
      result: 'failed',
      message: expect.stringContaining('exit code 3') as string,
    });
    writeFileSync(home('key'), 'nothing');
    const { report } = await doctor();
    const failed = report['checks'].filter(({ result }: Envelope) => result === 'failed');
    expect(failed.map(({ account, check }: Envelope) => [account, check])).toEqual([
      [null, 'credentials'],
      ['default', 'credentials'],
      ['work', 'credentials'],
    ]);
  });

  it('puts damaged settings aside and keeps what can be read; what cannot denies everything', async () => {
    await configure({ api_key: key, url: api.url }, '--deny', 'delete_*');
    await configure({ api_key: key, url: api.url }, '--account', 'work', '--write', 'deny');
    const damaged = readFileSync(home('settings.json'), 'utf8').replace(
      '"write": "deny"',
      '"write": "denied"',
    );
    writeFileSync(home('settings.json'), damaged);
    const { report } = await doctor('--repair');
    const [repair] = report['repairs'];
    expect(readFileSync(repair.aside, 'utf8')).toBe(damaged);
    expect(repair.changed[0]).toContain(
      'integrations.workos.accounts.work denies everything until it is configured',
    );
    expect(
      await kosmo.lua('return app.integrations.workos.delete_user{ user_id = "user_1" }', '--force'),
    ).toMatchObject({ status: 3 });
    expect(await kosmo.lua('app.integrations.workos.list_users{}')).toMatchObject({ status: 0 });
    expect(await kosmo.lua('app.integrations.workos.work.list_users{}')).toMatchObject({
      status: 3,
      error: { code: 'denied' },
    });
    expect((await doctor('--repair')).report['repairs']).toEqual([]);
  });

  it('puts files aside that nothing can be read of', async () => {
    await configure({ api_key: key, url: api.url });
    writeFileSync(home('settings.json'), 'not { json');
    writeFileSync(home('credentials.json'), '');
    const { report } = await doctor('--repair');
    expect(report['repairs'].map(({ file }: Envelope) => file)).toEqual([
      home('settings.json'),
      home('credentials.json'),
    ]);
    for (const { aside } of report['repairs']) expect(existsSync(aside)).toBe(true);
    await configure({ api_key: key, url: api.url });
    expect(await kosmo.lua('app.integrations.workos.list_users{}')).toMatchObject({ status: 0 });
  });
});
