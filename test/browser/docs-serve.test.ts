import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerJson, type Envelope, Kosmo, TestApi } from '../e2e/kosmo.ts';
import { barriers } from './barriers.ts';
import { useBrowser } from './browser.ts';

const open = useBrowser();
let api: TestApi;
let kosmo: Kosmo;
let server: ReturnType<Kosmo['start']>;
let url = '';
let token = '';
beforeAll(async () => {
  // What is the user's own, and must not be reached: an account, and a server of theirs on this machine.
  api = await TestApi.open((_, response) => answerJson(response, 200, { data: [] }));
  kosmo = new Kosmo({ WORKOS_API_KEY: 'sk_live_mine', WORKOS_BASE_URL: api.url });
  server = kosmo.start(['docs:serve', '--port', '0', '--json']);
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  ({ url } = JSON.parse(line.toString()) as { url: string });
  token = /name="kosmo-run" content="([^"]+)"/.exec(await (await fetch(`${url}/`)).text())?.[1] ?? '';
});
afterAll(() => {
  server.kill('SIGKILL');
  api.close();
  kosmo.remove();
});

/** Asks for a run as a page of the site does, but for what the test says otherwise. */
async function ask(
  body: string,
  headers: Readonly<Record<string, string | undefined>> = {},
): Promise<{ status: number; text: string }> {
  const { port } = new URL(url);
  const all = {
    host: `127.0.0.1:${port}`,
    origin: url,
    'content-type': 'application/json',
    'x-kosmo-run': token,
    ...headers,
  };
  const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  const asked = request(`${url}/run`, { method: 'POST', headers: sent });
  asked.end(body);
  const [answer] = (await once(asked, 'response')) as [import('node:http').IncomingMessage];
  let text = '';
  for await (const part of answer) text += String(part);
  return { status: answer.statusCode ?? 0, text };
}

async function run(source: string): Promise<Envelope> {
  const { status, text } = await ask(JSON.stringify({ source }));
  expect(status).toBe(200);
  return JSON.parse(text) as Envelope;
}

function blockWith(page: Page, text: string) {
  return page.locator('.code[data-lang=lua]').filter({ hasText: text }).first();
}

describe('docs:serve in a browser', () => {
  it('runs an example and shows its result and its calls', async () => {
    const page = await open({ scripts: true });
    await page.goto(`${url}/integrations/workos/list_organizations.html`);
    const example = blockWith(page, 'list_organizations');
    await example.getByRole('button', { name: 'Run' }).click();
    const result = example.getByRole('region', { name: 'What came of the run' });
    await result.getByText(/^Done in \d+ ms/).waitFor();
    expect(await result.textContent()).toContain('"object": "list"');
    expect(
      await result.getByRole('row', { name: /workos_organizations_list read 200/ }).count(),
    ).toBeGreaterThan(0);
    expect(await barriers(page)).toEqual([]);
  });

  it('shows what a program prints, and runs it again after it was changed, with the keyboard', async () => {
    const page = await open({ scripts: true, dark: true });
    await page.goto(`${url}/`);
    const example = page.locator('.sample .code');
    await example.getByRole('button', { name: 'Edit' }).click();
    const editor = example.getByRole('textbox');
    await editor.fill('print("hello from here")\nreturn { answer = 42 }');
    await editor.press('Control+Enter');
    const result = example.getByRole('region', { name: 'What came of the run' });
    await result.getByText(/^Done in \d+ ms, 0 calls/).waitFor();
    expect(await result.textContent()).toContain('hello from here');
    expect(await result.textContent()).toContain('"answer": 42');
    await editor.fill('app.integrations.workos.list_organisations{}');
    await example.getByRole('button', { name: 'Run' }).click();
    await result.getByText('Did you mean list_organizations?').waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  it('runs the examples of functions that make, change and delete, each for itself', async () => {
    const page = await open({ scripts: true });
    for (const name of [
      'create_user',
      'update_organization',
      'delete_user',
      'send_invitation',
      'check_authorization',
      'delete_authorization_resource',
    ]) {
      await page.goto(`${url}/integrations/workos/${name}.html`);
      const examples = page.locator('.code[data-lang=lua]');
      expect(await examples.count()).toBeGreaterThan(0);
      for (const example of await examples.all()) {
        await example.getByRole('button', { name: 'Run' }).click();
        const summary = example.locator('.run-summary');
        await summary.waitFor();
        expect([name, await summary.textContent()]).toEqual([name, expect.stringMatching(/^Done in/)]);
      }
    }
  });

  it('has no button on what is no program', async () => {
    const page = await open({ scripts: true });
    await page.goto(`${url}/guides/overview.html`);
    const placeholders = page.locator('.code[data-lang=lua]').filter({ hasText: '.NAME' });
    expect(await placeholders.count()).toBeGreaterThan(0);
    for (const block of await placeholders.all()) {
      expect(await block.getByRole('button', { name: 'Run' }).count()).toBe(0);
    }
  });
});

describe('what docs:serve lets in', () => {
  it('answers nobody who calls it by another name', async () => {
    const { port } = new URL(url);
    expect(
      (await ask('{}', { host: `evil.example:${port}`, origin: `http://evil.example:${port}` })).status,
    ).toBe(421);
    expect((await ask('{}', { host: '127.0.0.1' })).status).toBe(421);
  });

  it('runs nothing for pages of others, forms, or who has no token', async () => {
    const program = '{"source":"return 1"}';
    expect((await ask(program)).status).toBe(200);
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: undefined },
      { 'sec-fetch-site': 'cross-site' },
      { 'content-type': 'text/plain' },
      { 'content-type': undefined },
      { 'x-kosmo-run': 'guessed' },
      { 'x-kosmo-run': undefined },
    ]) {
      expect([headers, (await ask(program, headers)).status]).toEqual([headers, 403]);
    }
  });

  it('takes programs and nothing else', async () => {
    for (const body of ['', 'null', '[]', '{"source":5}', '{']) expect((await ask(body)).status).toBe(400);
    expect((await ask(JSON.stringify({ source: 'x'.repeat(70_000) }))).status).toBe(413);
  });

  it('may not be framed, and gives its pages to no other site', async () => {
    const { headers } = await fetch(`${url}/`);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('serves the files of the site and nothing else of the machine', async () => {
    for (const path of [
      '/nothing',
      '/../package.json',
      '/..%2f..%2fpackage.json',
      '/integrations/workos/nothing',
      '/.kosmo-site',
    ]) {
      expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 404]);
    }
    const page = await open({ scripts: true });
    await page.goto(`${url}/integrations/workos/nothing`);
    await page.getByRole('link', { name: 'The front page' }).click();
    await page.getByRole('heading', { level: 1, name: /One program/ }).waitFor();
  });
});

describe('what an example reaches', () => {
  it('is a server of its own, which nothing is left of', async () => {
    const made = await run('return app.integrations.workos.create_organization{ name = "Left behind" }.id');
    expect(made.success).toBe(true);
    const after = await run(`return app.integrations.workos.get_organization{ id = "${made['result']}" }`);
    expect(after['error']).toMatchObject({ code: 'api_error' });
  });

  it('is none of the accounts of the user, nor anything else of theirs', async () => {
    const plain = await run('return app.integrations.workos.list_organizations{}.data[1].name');
    expect(plain).toMatchObject({ success: true, integration_calls: [{ account: 'localhost' }] });
    const named = await run('return app.integrations.workos.default.list_organizations{}');
    expect(named['error']).toMatchObject({ code: 'not_configured' });
    expect((await run('return mcp.servers()'))['result']).toEqual([]);
    expect((await run('return io or os.execute or os.getenv or require'))['result']).toBeNull();
    // A webhook is a request that the local server makes by itself.
    const hooked = await run(`local workos = app.integrations.workos
      workos.create_webhook_endpoint{ endpoint_url = "${api.url}/hook", events = { "organization.created" } }
      return workos.create_organization{ name = "Hooked" }.id`);
    expect(hooked.success).toBe(true);
    expect(api.received).toEqual([]);
  });

  it('ends at limits that an example has no need of', async () => {
    expect((await run('while true do end'))['error']).toMatchObject({ code: 'cpu_limit' });
    expect(
      (await run('for i = 1, 1000 do app.integrations.workos.list_users{ limit = 1 } end'))['error'],
    ).toMatchObject({ code: 'call_limit' });
  });
});

describe('docs:serve', () => {
  it('says when its port is taken', async () => {
    const { port } = new URL(url);
    const { status, stdout } = await kosmo.run(['docs:serve', '--port', port, '--json']);
    expect(status).not.toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'port_in_use' } });
  });

  it('ends with SIGTERM and leaves nothing behind', async () => {
    const before = leftovers();
    const child = kosmo.start(['docs:serve', '--port', '0', '--json']);
    await once(child.stdout, 'data');
    expect(leftovers().length).toBe(before.length + 1);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(0);
    expect(leftovers()).toEqual(before);
  });
});

function leftovers(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('kosmo-throw-away-'));
}
