import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Envelope, envelopeOf, Kosmo } from './kosmo.ts';

const kosmo = new Kosmo();
afterAll(() => kosmo.remove());

async function json(...args: readonly string[]): Promise<Envelope> {
  const { stdout } = await kosmo.run([...args, '--json']);
  return envelopeOf(stdout);
}

describe('integrations:list', () => {
  it('names the integrations and their accounts', async () => {
    expect(await json('integrations:list')).toEqual({
      integrations: [
        {
          name: 'workos',
          title: 'WorkOS',
          functions: 172,
          configured: false,
          enabled: true,
          accounts: ['localhost'],
        },
      ],
    });
    const { stdout } = await kosmo.run(['integrations:list', '--json'], '', { WORKOS_API_KEY: 'sk_x' });
    expect(envelopeOf(stdout)['integrations'][0]).toMatchObject({
      configured: true,
      accounts: ['default', 'localhost'],
    });
    expect((await kosmo.run(['integrations:list'])).stdout).toMatch(
      /^NAME +TITLE +FUNCTIONS.*\nworkos +WorkOS +172/,
    );
  });
});

describe('integrations:search', () => {
  it('understands ordinary words', async () => {
    const found = await json('integrations:search', 'invite', 'someone');
    expect(found['query']).toBe('invite someone');
    expect(found['results'][0]).toEqual({
      signature: expect.stringMatching(
        /^app\.integrations\.workos\.send_invitation\{ email: string, /,
      ) as string,
      required: ['email'],
      function: 'workos.workos_userland_user_invites_create',
      lua_name: 'send_invitation',
      summary: expect.any(String) as string,
      effect: 'write',
      score: expect.any(Number) as number,
    });
    const names = (await json('integrations:search', 'who can see this'))['results'].slice(0, 3);
    expect(names.map(({ lua_name }: { lua_name: string }) => lua_name)).toContain(
      'list_organization_memberships_resource',
    );
    expect((await kosmo.run(['integrations:search', 'kick a user out'])).stdout).toMatch(
      /^FUNCTION +EFFECT +SUMMARY\nworkos\.delete_user +destructive/,
    );
  });

  it('gives as many as asked for, of the integration asked for', async () => {
    expect((await json('integrations:search', 'user', '--limit', '3'))['results']).toHaveLength(3);
    expect((await json('integrations:search', 'user', '--in', 'nothing'))['results']).toEqual([]);
    expect((await json('integrations:search', 'zzzzqqq'))['results']).toEqual([]);
    expect(await json('integrations:search', 'user', '--limit', 'x')).toMatchObject({
      success: false,
      error: { code: 'usage' },
    });
  });
});

describe('integrations:docs', () => {
  it('shows a page, or lists them', async () => {
    const page = await json('integrations:docs', 'workos.list_organizations');
    expect(page['page']).toBe('workos.list_organizations');
    expect(page['markdown']).toContain('# workos.list_organizations');
    expect(page['tokens']).toBeGreaterThan(500);
    expect(page['left_out']).toEqual([]);
    expect((await kosmo.run(['integrations:docs', 'workos'])).stdout).toMatch(/^# WorkOS\n/);
    expect((await json('integrations:docs'))['pages'].map(({ name }: { name: string }) => name)).toContain(
      'integrations.workos',
    );
    const short = await json('integrations:docs', 'workos.list_organizations', '--tokens', '300');
    expect(short['tokens']).toBeLessThanOrEqual(300);
    expect(short['left_out']).not.toEqual([]);
    expect(short['markdown']).toContain('kosmo integrations:docs workos.list_organizations --tokens ');
    expect(
      (await kosmo.run(['integrations:docs', 'workos.list_organizations', '--section', 'errors'])).stdout,
    ).toMatch(/^## Errors\n/);
    expect((await kosmo.run(['integrations:docs', 'workos', '--tokens', 'few'])).status).toBe(2);
    expect(await json('integrations:docs', 'workos.list_organisations')).toMatchObject({
      error: { code: 'unknown_page', message: expect.stringContaining('list_organizations') as string },
    });
  });
});

describe('integrations:schema', () => {
  it('prints what a function takes and gives', async () => {
    expect(await json('integrations:schema', 'workos.list_organizations')).toMatchObject({
      function: 'workos.workos_organizations_list',
      lua_name: 'list_organizations',
      aliases: [],
      effect: 'read',
      method: 'GET',
      path: '/organizations',
      summary: 'List Organizations',
      parameters: { type: 'object', properties: { limit: { type: 'integer' } } },
      response: { $defs: { Organization: { type: 'object' } } },
      errors: [{ status: '422' }],
    });
  });

  it.each([
    ['workos.list_userz', 1, 'unknown_function', 'list_users'],
    ['workoz.list_users', 1, 'unknown_integration', 'workos'],
    ['workos.list_groups', 1, 'ambiguous_function', 'workos.workos_groups_list'],
    ['list_users', 2, 'usage', 'workos.list_users'],
  ])('of %s is an error that helps', async (name, status, code, help) => {
    const run = await kosmo.run(['integrations:schema', name, '--json']);
    expect(run.status).toBe(status);
    expect(envelopeOf(run.stdout)).toMatchObject({ success: false, error: { code } });
    expect(run.stdout).toContain(help);
  });
});

describe('integrations:examples', () => {
  it('are programs and command lines that work', async () => {
    const { examples } = await json('integrations:examples', 'workos.list_users');
    expect(examples[0]).toEqual({
      title: 'List users',
      lua: 'local result = app.integrations.workos.list_users{}',
      needs: null,
      command: 'kosmo integrations:workos list_users',
    });
    expect((await kosmo.lua(examples[0].lua, '--local'))['success']).toBe(true);
    const words = String(examples[0].command).split(' ').slice(1);
    expect((await json(...words, '--local'))['success']).toBe(true);
  });

  it('of an integration are the ones of its page', async () => {
    const { examples } = await json('integrations:examples', 'workos');
    expect(examples.length).toBeGreaterThanOrEqual(3);
    for (const { lua } of examples)
      expect(await kosmo.lua(lua, '--local', '--dry-run')).toMatchObject({ success: true });
    expect((await json('integrations:examples'))['examples']).toEqual(examples);
    expect(await json('integrations:examples', 'nothing')).toMatchObject({ error: { code: 'unknown_page' } });
  });
});

describe('docs:stubs and docs:schemas', () => {
  it('write files for editors, and say where', async () => {
    const out = join(kosmo.home, 'stubs');
    const { files } = await json('docs:stubs', '--out', out);
    expect(files).toEqual([join(out, 'kosmo.lua'), join(out, 'workos.lua')]);
    expect(readFileSync(join(out, 'kosmo.lua'), 'utf8')).toContain('---@field workos workos.Accounts');
    const schemas = await json('docs:schemas', '--out', out);
    expect(JSON.parse(readFileSync(schemas['files'][0], 'utf8'))).toMatchObject({
      title: 'Settings of kosmo',
    });
    expect((await kosmo.run(['docs:stubs', '--out', join(out, 'kosmo.lua')])).status).toBe(2);
  });
});
