import { existsSync, readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerJson, envelopeOf, Kosmo, TestApi } from './kosmo.ts';

const rows = Array.from({ length: 20_000 }, (_, index) => ({
  id: `user_${index}`,
  email: `${index}@example.com`,
  bio: 'x'.repeat(40),
}));
const kosmo = new Kosmo();
let api: TestApi;
let remote: Record<string, string>;
beforeAll(async () => {
  api = await TestApi.open((_, response) =>
    answerJson(response, 200, { data: rows, list_metadata: { after: null } }),
  );
  remote = { WORKOS_API_KEY: 'sk_x', WORKOS_BASE_URL: api.url };
});
afterAll(() => {
  api.close();
  kosmo.remove();
});

describe('a result past the limit', () => {
  it('of a program comes back cut, with the path of the whole, and is no failure', async () => {
    const program = 'return app.integrations.workos.list_users{ limit = 100 }';
    const { status, stdout } = await kosmo.run(['integrations:lua', '--json', '--eval', program], '', remote);
    const run = envelopeOf(stdout);
    expect(status).toBe(0);
    expect(stdout.length).toBeLessThan(1_200_000);
    const { overflow } = run['meta'];
    expect(overflow).toMatchObject({
      limit: 1_048_576,
      shape: { data: [{ id: 'string', email: 'string', bio: 'string' }], list_metadata: {} },
    });
    const { data, list_metadata } = run['result'];
    expect(list_metadata).toEqual({});
    expect(data.at(-1).$cut).toMatchObject({ of: 20_000, left_out: 20_000 - (data.length - 1) });
    expect(JSON.parse(readFileSync(overflow.file, 'utf8')).data).toEqual(rows);
    expect(statSync(overflow.file).size).toBe(overflow.bytes);
    expect(statSync(overflow.file).mode & 0o777).toBe(0o600);
  });

  it('is told to a person', async () => {
    const { status, stdout, stderr } = await kosmo.run([
      'integrations:lua',
      '--eval',
      'return { text = ("x"):rep(2000000), short = "kept" }',
    ]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ short: 'kept' });
    const file = /All of it is in (\S+)\n/.exec(stderr)?.[1] ?? '';
    expect(existsSync(file)).toBe(true);
  });

  it('of a call comes back cut too, in the envelope; the data alone stays whole', async () => {
    const call = ['integrations:workos', 'list_users'];
    const { stdout } = await kosmo.run([...call, '--json'], '', remote);
    const run = envelopeOf(stdout);
    expect(run).toMatchObject({ success: true, meta: { overflow: { bytes: expect.any(Number) as number } } });
    expect(run['data'].data.at(-1).$cut.of).toBe(20_000);
    const whole = await kosmo.run([...call, '--output', 'json'], '', remote);
    expect(JSON.parse(whole.stdout).data).toHaveLength(20_000);
  });
});

describe('output past the limit', () => {
  it('ends the run, and is kept whole in a file that the error names', async () => {
    const run = await kosmo.lua('for i = 1, 200000 do print(i) end');
    expect(run).toMatchObject({ success: false, status: 5, error: { code: 'output_limit' } });
    expect(readFileSync(run['error'].details.file, 'utf8')).toContain('\n1000\n');
  });
});
