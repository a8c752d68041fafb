import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended, Kosmo, repository } from './kosmo.ts';

const servers = join(repository, 'test/e2e/mcp-servers');
const kosmo = new Kosmo({ BROWSER: join(servers, 'browser.mjs') });
let secured: ChildProcess;
let url: string;

beforeAll(async () => {
  secured = spawn(process.execPath, [join(servers, 'secured.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(secured.stdout ?? secured, 'data')) as [Buffer];
  url = line.toString().trim();
  await kosmo.run(['mcp:add', 'secured', '--url', url]);
});
afterAll(() => {
  secured.kill();
  kosmo.remove();
});

const seen = async () =>
  (await (await fetch(new URL('/seen', url))).json()) as {
    registrations: number;
    refreshes: number;
    refused_refreshes: number;
    client_id: string;
  };
const whoami = () => kosmo.run(['mcp:secured', 'whoami']);

describe('a server that wants a sign-in', () => {
  it('says so, with the command', async () => {
    const { status, stderr } = await whoami();
    expect(status).toBe(4);
    expect(stderr).toContain('The MCP server secured wants you to sign in.');
    expect(stderr).toContain('kosmo mcp:login secured');
  });

  it('is signed in to in a browser, which comes back to this machine', async () => {
    expect(await kosmo.run(['mcp:login', 'secured'])).toMatchObject({
      status: 0,
      stdout: 'Signed in to secured.\n',
    });
    expect(await seen()).toMatchObject({ registrations: 1 });
  });

  it('is called with the token, which is neither shown nor kept in the clear', async () => {
    const { status, stdout } = await whoami();
    expect(status).toBe(0);
    expect(stdout).toMatch(/^client [\w-]+ with \[redacted\]\n$/);
    const kept = readFileSync(join(kosmo.home, 'kosmo/credentials.json'), 'utf8');
    expect(kept).toContain('mcp/oauth/secured');
    expect(kept).not.toMatch(/access-|refresh-/);
  });

  it('has a token renewed once, however many processes find that it has ended', async () => {
    const before = await seen();
    await fetch(new URL('/expire', url), { method: 'POST' });
    const runs = await Promise.all([whoami(), whoami(), whoami()]);
    expect(runs.map(({ status }) => status)).toEqual([0, 0, 0]);
    const after = await seen();
    expect([after.refreshes - before.refreshes, after.refused_refreshes]).toEqual([1, 0]);
  });

  it('is signed out of', async () => {
    expect((await kosmo.run(['mcp:logout', 'secured'])).stdout).toBe('Signed out of secured.\n');
    expect((await whoami()).status).toBe(4);
    expect((await kosmo.run(['mcp:logout', 'secured'])).stdout).toBe('Nobody had signed in to secured.\n');
  });

  it('is signed in to without a browser: the address it would end at is pasted', async () => {
    const child = kosmo.start(['mcp:login', 'secured', '--no-browser']);
    const page = await new Promise<string>((resolve) => {
      let text = '';
      child.stderr.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const [found] = /http\S+authorize\S+/.exec(text) ?? [];
        if (found !== undefined && text.includes('paste')) resolve(found);
      });
    });
    const answer = await fetch(page, { redirect: 'manual' });
    child.stdin.end(`${answer.headers.get('location') ?? ''}\n`);
    expect(await ended(child)).toMatchObject({ status: 0, stdout: 'Signed in to secured.\n' });
    expect((await whoami()).status).toBe(0);
  });

  it('is not signed in to with an answer to something else', async () => {
    const { status, stderr } = await kosmo.run(
      ['mcp:login', 'secured', '--no-browser'],
      'http://127.0.0.1:1/callback?code=x&state=y\n',
    );
    expect([status, stderr]).toEqual([4, expect.stringContaining('no answer to this sign-in')]);
    expect((await whoami()).status).toBe(0);
  });

  it('takes a client that is a document at a URL, and registers none then', async () => {
    const file = join(kosmo.home, 'kosmo/mcp.json');
    const { writeFileSync } = await import('node:fs');
    const before = await seen();
    const clientId = 'https://kosmo.example/client.json';
    writeFileSync(file, JSON.stringify({ mcpServers: { named: { url, oauth: { clientId } } } }));
    expect((await kosmo.run(['mcp:login', 'named'])).stdout).toBe('Signed in to named.\n');
    const after = await seen();
    expect([after.client_id, after.registrations]).toEqual([clientId, before.registrations]);
    expect((await kosmo.run(['mcp:named', 'whoami'])).stdout).toContain(`client ${clientId}`);
  });
});

it('a server that is a program has nobody sign in', async () => {
  await kosmo.run(['mcp:add', 'program', '--', 'true']);
  expect(await kosmo.run(['mcp:login', 'program'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('is a program: nobody signs in to it') as string,
  });
});
