import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Catalog } from '../catalog/index.ts';
import { createRuntime, type JsonObject, type Runtime } from '../index.ts';
import { isJsonObject } from '../support/json.ts';
import { findEnvironment } from '../workos-local/control/environments.ts';
import { readInbox } from '../workos-local/control/inbox.ts';
import { type LocalServer, openLocalServer } from '../workos-local/index.ts';
import { createContext } from '../workos-local/kit/context.ts';
import { setLoginUri } from '../workos-local/resources/connect-oauth/requests.table.ts';
import { createConnection } from '../workos-local/resources/connections/connection.ts';
import { PageClient } from '../workos-local/testing/page-client.ts';
import { examplesOf } from './function-examples.ts';
import { createDocs } from './index.ts';

const catalog = Catalog.open(join(import.meta.dirname, '../../dist/integrations'));
const workos = catalog.get('workos');
if (workos === undefined) throw new Error('workos is not built');
const { reader } = workos;
const docs = createDocs(catalog);
const home = mkdtempSync(join(tmpdir(), 'kosmo-examples-'));
afterAll(() => rmSync(home, { recursive: true }));
const lookup = (name: string) => workos.reader.schema(name);

/** What an answer says in words. */
function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error('There is no text.');
  return value;
}

/** Runs a program on the local server, and gives what it returns. */
async function run(kosmo: Runtime, source: string): Promise<unknown> {
  const { error, result } = await kosmo.lua({ source, name: 'example.lua', account: 'localhost' });
  if (error !== null) throw new Error(`${error.message}\n${source}`);
  return result;
}

/** A person with a browser, at the server that the programs call. */
class World {
  readonly kosmo: Runtime;
  readonly server: LocalServer;
  readonly browser: PageClient;

  constructor(database: string) {
    this.kosmo = createRuntime({ home, localDatabase: database, environment: {} });
    this.server = openLocalServer({ database, manifest: reader });
    this.browser = new PageClient(this.server);
  }

  async call(lua: string): Promise<JsonObject> {
    const value = await run(this.kosmo, `return app.integrations.workos.${lua}`);
    if (typeof value !== 'object' || value === null) throw new Error(`${lua} gave no object.`);
    return value as JsonObject;
  }

  /** The code of the newest mail or text message. */
  code(): string {
    const { host } = this.server;
    return readInbox(host, findEnvironment(host, undefined)).at(-1)?.code ?? '';
  }

  /** An identity provider that can be signed out of, too. */
  openId(): string {
    const { database, ids, random, clock } = this.server.host;
    const environment = findEnvironment(this.server.host, undefined);
    const context = createContext(database, environment, clock.now(), { ids, random });
    const organizationId = 'org_01KE6P4YM0CRJ5MAFGFYWFJ0CA';
    return database.write(() => createConnection(context, { organizationId, type: 'GenericOIDC' }).id);
  }

  /** Signs somebody in by SSO; the code that is at the redirect URI then. */
  async signIn(connection = 'conn_01KE6P4YM0CRJ5MAFGFYWFJ0C9'): Promise<string> {
    const { url } = await this.call(
      `initiate_sso{ redirect_uri = "http://localhost:3000/callback", response_type = "code", connection = "${connection}" }`,
    );
    const page = await this.browser.submit(await this.browser.get(text(url)), {
      form: '.somebody',
      button: 'Sign in',
      fields: { email: 'mara@harborlight.example' },
    });
    return page.leaves?.searchParams.get('code') ?? '';
  }

  profile(code: string): Promise<JsonObject> {
    const keys = `client_id = "client_localhost", client_secret = "sk_test_localhost", code = "${code}", grant_type = "authorization_code"`;
    return this.call(`get_profile_and_token{ ${keys}, body = { ${keys} } }`);
  }

  async close(): Promise<void> {
    await this.kosmo.close();
    this.server.close();
  }
}

/** Connects the GitHub account of the user in the examples. */
async function connect(
  { call, browser }: { call: World['call']; browser: PageClient },
  more = '',
): Promise<void> {
  const { url } = await call(
    `workos_data_integrations_get_data_integration_authorize_url{ slug = "github", user_id = "user_123"${more} }`,
  );
  await browser.submit(await browser.get(text(url)), { button: 'Allow' });
}

/** An application that somebody signs in to: where the browser begins, and its id. */
async function application(world: World): Promise<{ id: string; begin: string }> {
  const made = await world.call(
    'create_connect_application{ name = "Forum", application_type = "oauth", is_first_party = false, organization_id = "org_01KE6P4YM0CRJ5MAFGFYWFJ0CA", redirect_uris = { { uri = "https://forum.example/callback" } } }',
  );
  const query = new URLSearchParams({
    client_id: text(made['client_id']),
    redirect_uri: 'https://forum.example/callback',
    response_type: 'code',
    scope: 'openid email',
  });
  return { id: text(made['id']), begin: `/oauth2/authorize?${query.toString()}` };
}

/** What stands in an example for something that no program can make → the thing itself, of a world where it is made. */
type Preparation = (
  world: World,
  before: string,
) => Promise<{ before?: string; replace: Record<string, string> }>;

const connected: Preparation = async (world) => {
  const door = { call: world.call.bind(world), browser: world.browser };
  await connect(door);
  await connect(door, ', organization_id = "org_01KE6P4YM0CRJ5MAFGFYWFJ0CA"');
  return { replace: {} };
};

/** For each function whose example says that it needs something. */
const preparations: Readonly<Record<string, Preparation>> = {
  workos_authentication_challenges_verify: async (world, before) => {
    const challenge = await run(world.kosmo, `${before}\nreturn challenge.id`);
    return {
      before: `local challenge = { id = "${text(challenge)}" }`,
      replace: { '123456': world.code() },
    };
  },
  workos_userland_users_confirm_email_change: async (world, before) => {
    await run(world.kosmo, before);
    return { before: '', replace: { '123456': world.code() } };
  },
  workos_sso_token: async (world) => ({ replace: { code_from_the_redirect: await world.signIn() } }),
  workos_sso_get_profile: async (world) => {
    const { access_token } = await world.profile(await world.signIn());
    return { replace: { access_token_of_the_profile: text(access_token) } };
  },
  workos_sso_logout_authorize: async (world) => {
    const { profile } = await world.profile(await world.signIn(world.openId()));
    const id = isJsonObject(profile) ? text(profile['id']) : '';
    return { replace: { prof_01KE6P4YM0CRJ5MAFGFYWFJ0C9: id } };
  },
  workos_sso_logout: async (world) => {
    const { profile } = await world.profile(await world.signIn(world.openId()));
    const id = isJsonObject(profile) ? text(profile['id']) : '';
    const { logout_token } = await world.call(`logout_authorize{ profile_id = "${id}" }`);
    return { replace: { token_from_logout_authorize: text(logout_token) } };
  },
  workos_external_auth_complete_login: async (world) => {
    const { host } = world.server;
    setLoginUri(host.database, findEnvironment(host, undefined).id, 'https://planner.example/login');
    const { begin } = await application(world);
    const { leaves } = await world.browser.get(begin);
    const id = leaves?.searchParams.get('external_auth_id') ?? '';
    return { replace: { ext_auth_01KE6P4YM0CRJ5MAFGFYWFJ0C9: id } };
  },
  workos_authorized_applications_delete: async (world) => {
    await world.call('update_user{ id = "user_123", password = "seven quiet rivers" }');
    const { id, begin } = await application(world);
    const fields = { email: 'mara@harborlight.example', password: 'seven quiet rivers' };
    let page = await world.browser.submit(await world.browser.get(begin), { fields });
    // A member of two organizations is asked which it is to be.
    if (!page.text.includes('Allow')) page = await world.browser.submit(page);
    page = await world.browser.submit(page, { button: 'Allow' });
    expect(page.leaves?.searchParams.get('code')).not.toBe(null);
    return { replace: { conn_app_01KE6P4YM0CRJ5MAFGFYWFJ0C9: id } };
  },
  workos_data_integrations_user_management_get_user_data_installation: connected,
  workos_data_integrations_user_management_delete_user_data_installation: connected,
};

const operations = workos.reader.index.operations.map((entry) => {
  const operation = workos.reader.operation(entry);
  const shared = workos.find(entry.luaName).length > 1;
  return { slug: entry.slug, operation, examples: examplesOf('workos', operation, lookup, shared) };
});

describe('the examples of a function', () => {
  const plain = operations.filter(({ examples }) => examples.needs === '');

  it.each(plain.map(({ slug, examples }) => [slug, examples] as const))(
    '%s go well on the local server as they stand on its page',
    async (slug, { before, minimal, full }) => {
      const page = await docs.read(`workos.${slug}`);
      const shown = 'markdown' in page ? page.markdown : page.message;
      for (const call of [minimal, full]) {
        if (call === null) continue;
        expect(shown).toContain(`local result = ${call}`);
        if (before !== '') expect(shown).toContain(before);
        const kosmo = createRuntime({ home, localDatabase: ':memory:', environment: {} });
        await run(kosmo, `${before}\nlocal result = ${call}`);
        await kosmo.close();
      }
    },
  );

  const needing = operations.filter(({ examples }) => examples.needs !== '');

  it('that need what no program can make are these, and no others', () => {
    expect(needing.map(({ slug }) => slug).sort()).toEqual(Object.keys(preparations).sort());
  });

  it.each(needing.map(({ slug, examples }) => [slug, examples] as const))(
    '%s go well once that is there',
    async (slug, { before, minimal, full, needs }) => {
      const page = await docs.read(`workos.${slug}`);
      expect('markdown' in page ? page.markdown : page.message).toContain(`Needs: ${needs}`);
      for (const [at, call] of [minimal, full].entries()) {
        if (call === null) continue;
        const world = new World(join(home, `${slug}-${at}.db`));
        try {
          const prepared = await preparations[slug]?.(world, before);
          let program = `${prepared?.before ?? before}\nlocal result = ${call}`;
          for (const [word, real] of Object.entries(prepared?.replace ?? {})) {
            expect(program).toContain(word);
            expect(real).not.toBe('');
            program = program.replaceAll(word, real);
          }
          await run(world.kosmo, program);
        } finally {
          await world.close();
        }
      }
    },
  );
});
