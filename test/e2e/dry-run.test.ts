import { afterAll, describe, expect, it } from 'vitest';
import { answerJson, envelopeOf, Kosmo, TestApi } from './kosmo.ts';

const kosmo = new Kosmo();
afterAll(() => kosmo.remove());

const program = `
local workos = app.integrations.workos
local organization = workos.create_organization{ name = "Acme", external_id = "acme" }
local user = workos.create_user{ email = "ann@example.com" }
workos.create_organization_membership{ user_id = user.id, organization_id = organization.id }
for _ in paginate(workos.list_organization_memberships, { organization_id = organization.id }) do error("there is none") end
return { organization = organization.id, before = #workos.list_organizations{ limit = 100 }.data }
`;

describe('a program run with --dry-run', () => {
  it('on the local server changes nothing, and lists what it would have sent', async () => {
    const count = 'return #app.integrations.workos.list_organizations{ limit = 100 }.data';
    const before = await kosmo.lua(count, '--local');
    const run = await kosmo.lua(program, '--local', '--dry-run');
    expect(run).toMatchObject({
      success: true,
      status: 0,
      result: { organization: 'planned_1', before: before['result'] },
    });
    const planned = run['meta'].planned as { function: string; request: { method: string; url: string } }[];
    expect(planned.map(({ request }) => `${request.method} ${new URL(request.url).pathname}`)).toEqual([
      'POST /organizations',
      'POST /user_management/users',
      'POST /user_management/organization_memberships',
      'GET /user_management/organization_memberships',
    ]);
    expect(planned[2]).toMatchObject({
      function: 'workos.workos_userland_user_organization_memberships_create',
      account: 'localhost',
      effect: 'write',
      request: { body: { organization_id: 'planned_1' } },
    });
    expect(await kosmo.lua(count, '--local')).toMatchObject({ result: before['result'] });
  });

  it('needs no approval for what it does not send, sends reads only, and shows no credential', async () => {
    const api = await TestApi.open((_, response) =>
      answerJson(response, 200, { data: [], list_metadata: {} }),
    );
    try {
      const settings = { WORKOS_API_KEY: 'sk_very_secret', WORKOS_BASE_URL: api.url };
      const { status, stdout } = await kosmo.run(
        ['integrations:lua', '--dry-run', '--json', '--eval', program],
        '',
        settings,
      );
      expect({ status, success: envelopeOf(stdout)['success'] }).toEqual({ status: 0, success: true });
      expect(stdout).not.toContain('very_secret');
      expect(stdout).toContain('Bearer [redacted]');
      expect(api.received.map(({ method, url }) => `${method} ${url}`)).toEqual([
        'GET /organizations?limit=100',
      ]);
      const denied = await kosmo.run(
        ['integrations:lua', '--dry-run', '--read-only', '--json', '--eval', program],
        '',
        settings,
      );
      expect(envelopeOf(denied.stdout)).toMatchObject({ success: false, error: { code: 'denied' } });
      expect(denied.status).toBe(3);
    } finally {
      api.close();
    }
  });

  it('tells a person on stderr', async () => {
    const { stdout, stderr } = await kosmo.run([
      'integrations:lua',
      '--local',
      '--dry-run',
      '--eval',
      'print(app.integrations.workos.create_organization{ name = "Acme" }.id)',
    ]);
    expect(stdout).toBe('planned_1\n');
    expect(stderr).toContain(
      'dry run: one call was not sent\n  1. workos.workos_organizations_create (write',
    );
    expect(stderr).toContain('POST http://localhost/organizations {"name":"Acme"}');
  });
});
