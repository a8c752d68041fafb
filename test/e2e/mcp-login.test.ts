import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended, Kosmo, repository } from './kosmo.ts';

const servers = join(repository, 'test/e2e/mcp-servers');
const kosmo = new Kosmo({ BROWSER: join(servers, 'browser.mjs') });
let secured: ChildProcess;
let url: string;

/** Starts such a server, and waits for its address. */
async function startSecured(
  variables: Record<string, string> = {},
): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  const child = spawn(process.execPath, [join(servers, 'secured.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...variables },
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, address: line.toString().trim() };
}

beforeAll(async () => {
  ({ child: secured, address: url } = await startSecured());
  await kosmo.run(['mcp:add', 'secured', '--url', url]);
});
afterAll(() => {
  secured.kill();
  kosmo.remove();
});

const seen = async (server = url) =>
  (await (await fetch(new URL('/seen', server))).json()) as {
    registrations: number;
    documents: number;
    grants: number;
    scope?: string;
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
});

describe('a client that is let in without a person', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let server: ChildProcess;
  let address: string;

  beforeAll(async () => {
    const SIGNER_KEY = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    ({ child: server, address } = await startSecured({ SIGNER_KEY }));
  });
  afterAll(() => server.kill());

  const configure = (name: string, oauth: object, at = address) => {
    const file = join(kosmo.home, 'kosmo/mcp.json');
    const config = JSON.parse(readFileSync(file, 'utf8')) as { mcpServers: Record<string, object> };
    config.mcpServers[name] = { url: at, oauth: { grant: 'client_credentials', ...oauth } };
    writeFileSync(file, JSON.stringify(config));
  };
  const worker = { clientId: 'worker', clientSecret: 'worker-secret' };

  it('calls by its secret, with nothing done before, and keeps its token', async () => {
    const added = ['mcp:add', 'worker', '--url', address, '--client-credentials', '--client-id', 'worker'];
    expect((await kosmo.run([...added, '--client-secret', 'worker-secret'])).status).toBe(0);
    for (let run = 0; run < 2; run += 1) {
      const { status, stdout, stderr } = await kosmo.run(['mcp:worker', 'whoami']);
      expect([status, stdout, stderr]).toEqual([0, 'client worker with [redacted]\n', '']);
    }
    expect(await seen(address)).toMatchObject({ grants: 1, registrations: 0 });
  });

  it('gets another token when it ends, once for all processes', async () => {
    await fetch(new URL('/expire', address), { method: 'POST' });
    const call = () => kosmo.run(['mcp:worker', 'whoami']);
    const runs = await Promise.all([call(), call(), call()]);
    expect(runs.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(await seen(address)).toMatchObject({ grants: 2 });
  });

  it('has a token that holds for seconds used for as long as it holds', async () => {
    const { child, address: where } = await startSecured({ TOKEN_SECONDS: '25' });
    configure('shortly', { ...worker }, where);
    for (let run = 0; run < 2; run += 1) expect((await kosmo.run(['mcp:shortly', 'whoami'])).status).toBe(0);
    expect(await seen(where)).toMatchObject({ grants: 1 });
    child.kill();
  });

  it('calls by what its key signs, and asks for its scopes', async () => {
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    configure('signer', { clientId: 'signer', privateKey: key, algorithm: 'ES256', scope: 'read write' });
    expect((await kosmo.run(['mcp:signer', 'whoami'])).stdout).toBe('client signer with [redacted]\n');
    expect(await seen(address)).toMatchObject({ scope: 'read write' });
  });

  it('is tried by mcp:login', async () => {
    expect(await kosmo.run(['mcp:login', 'worker'])).toMatchObject({
      status: 0,
      stdout: 'Signed in to worker.\n',
    });
  });

  it('is told why it is not let in', async () => {
    configure('stranger', { clientId: 'worker', clientSecret: 'wrong-secret' });
    for (const command of [
      ['mcp:stranger', 'whoami'],
      ['mcp:login', 'stranger'],
    ]) {
      const { status, stderr } = await kosmo.run(command);
      expect([status, stderr]).toEqual([4, expect.stringContaining('invalid_client: who is that')]);
      expect(stderr).not.toContain('wrong-secret');
    }
  });

  it('gives its secret to no other authorization server than its own', async () => {
    const before = await seen(address);
    configure('elsewhere', { ...worker, issuer: 'https://auth.example.com' });
    const { status, stderr } = await kosmo.run(['mcp:elsewhere', 'whoami']);
    expect([status, stderr]).toEqual([4, expect.stringContaining('https://auth.example.com')]);
    expect(await seen(address)).toEqual(before);
    configure('own', { ...worker, issuer: new URL(address).origin });
    expect((await kosmo.run(['mcp:own', 'whoami'])).status).toBe(0);
  });

  it('is not taken for another client, nor for a person, that was let in before', async () => {
    configure('worker', { clientId: 'somebody', clientSecret: 'else' });
    expect((await kosmo.run(['mcp:worker', 'whoami'])).status).toBe(4);
    const { stderr } = await kosmo.run(['mcp:add', 'worker', '--url', address, '--client-credentials']);
    expect(stderr).toContain('--client-credentials needs --client-id and --client-secret.');
    await kosmo.run(['mcp:add', 'worker', '--url', address]);
    expect((await kosmo.run(['mcp:worker', 'whoami'])).stderr).toContain('wants you to sign in');
  });

  it.each([
    [{ clientId: 'worker' }, 'needs a clientId, and a clientSecret or a privateKey'],
    [{ ...worker, grant: 'password' }, 'neither client_credentials nor authorization_code'],
    [{ ...worker, issuer: 7 }, 'the issuer of its oauth is no string'],
    [{ clientId: 'x', privateKey: 'y', grant: 'authorization_code' }, 'without the grant client_credentials'],
  ])('is not configured like %j', async (oauth, said) => {
    configure('odd', oauth);
    const { stdout, stderr } = await kosmo.run(['mcp:list']);
    expect(stdout + stderr).toContain(said);
    configure('odd', worker);
  });
});

/** What docs/mcp.md says that a document about kosmo looks like, as if it had been put at an address of the test's own. */
function documentAt(address: string): string {
  const manual = readFileSync(join(repository, 'docs/mcp.md'), 'utf8');
  const [, shown = ''] = /```json\n(\{\n {2}"client_id"[\s\S]*?)```/.exec(manual) ?? [];
  return JSON.stringify({ ...(JSON.parse(shown) as object), client_id: address });
}

describe('a client that is a document at a URL', () => {
  const tls = join(repository, 'test/fixtures/tls');
  const host = createServer(
    { key: readFileSync(join(tls, 'localhost.key')), cert: readFileSync(join(tls, 'localhost.pem')) },
    (_, response) => response.setHeader('content-type', 'application/json').end(documentAt(document)),
  );
  const children: ChildProcess[] = [];
  let document = '';
  let takes = '';
  let takesNone = '';

  const start = async (variables: Record<string, string>) => {
    const trusted = { NODE_EXTRA_CA_CERTS: join(tls, 'authority.pem'), ...variables };
    const { child, address } = await startSecured(trusted);
    children.push(child);
    return address;
  };

  beforeAll(async () => {
    host.listen(0, 'localhost');
    await once(host, 'listening');
    document = `https://localhost:${(host.address() as AddressInfo).port}/kosmo.json`;
    [takes, takesNone] = await Promise.all([start({}), start({ DOCUMENTS: 'no' })]);
  });
  afterAll(() => {
    for (const child of children) child.kill();
    host.close();
  });

  it('is what kosmo is to a server that takes such clients: none is registered there', async () => {
    expect(await kosmo.run(['mcp:add', 'named', '--url', takes, '--client-id', document])).toMatchObject({
      status: 0,
    });
    expect(await kosmo.run(['mcp:login', 'named'])).toMatchObject({
      status: 0,
      stdout: 'Signed in to named.\n',
    });
    expect(await seen(takes)).toMatchObject({ client_id: document, documents: 1, registrations: 0 });
    expect((await kosmo.run(['mcp:named', 'whoami'])).stdout).toContain(`client ${document}`);
  });

  it('has its tokens renewed as that client', async () => {
    await fetch(new URL('/expire', takes), { method: 'POST' });
    expect((await kosmo.run(['mcp:named', 'whoami'])).stdout).toContain(`client ${document}`);
    expect(await seen(takes)).toMatchObject({ refreshes: 1, registrations: 0 });
  });

  it('is registered where a server takes none', async () => {
    await kosmo.run(['mcp:add', 'other', '--url', takesNone, '--client-id', document]);
    expect((await kosmo.run(['mcp:login', 'other'])).stdout).toBe('Signed in to other.\n');
    const { client_id, registrations, documents } = await seen(takesNone);
    expect([registrations, documents]).toEqual([1, 0]);
    expect(client_id).not.toBe(document);
    expect((await kosmo.run(['mcp:other', 'whoami'])).status).toBe(0);
  });

  it('can be named once for all servers, and takes the place of one that was registered', async () => {
    await kosmo.run(['mcp:add', 'plain', '--url', takes]);
    expect((await kosmo.run(['mcp:login', 'plain'])).status).toBe(0);
    const { registrations } = await seen(takes);
    expect(registrations).toBe(1);
    const everywhere = { KOSMO_MCP_CLIENT_METADATA: document };
    expect((await kosmo.run(['mcp:login', 'plain'], '', everywhere)).status).toBe(0);
    expect(await seen(takes)).toMatchObject({ client_id: document, registrations });
  });

  it('must be at an https URL with a path', async () => {
    for (const wrong of ['http://example.com/kosmo.json', 'https://example.com', 'kosmo']) {
      const { status, stderr } = await kosmo.run(['mcp:login', 'plain'], '', {
        KOSMO_MCP_CLIENT_METADATA: wrong,
      });
      expect([status, stderr]).toEqual([4, expect.stringContaining('is no https URL with a path')]);
    }
  });
});

it('what of mcp:add has no effect on a server is refused', async () => {
  for (const [args, said] of [
    [['--client-id', 'x', '--', 'true'], '--client-id needs --url.'],
    [['--header', 'a=b', '--', 'true'], '--header needs --url.'],
    [['--url', url, '--env', 'a=b'], '--env needs a command after --.'],
    [['--url', url, '--client-secret', 'x'], '--client-secret needs --client-id.'],
  ] as const) {
    const { status, stderr } = await kosmo.run(['mcp:add', 'unfit', ...args]);
    expect([status, stderr]).toEqual([2, expect.stringContaining(said)]);
  }
});

it('a server that is a program has nobody sign in', async () => {
  await kosmo.run(['mcp:add', 'program', '--', 'true']);
  expect(await kosmo.run(['mcp:login', 'program'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('is a program: nobody signs in to it') as string,
  });
});
