import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Envelope, envelopeOf, Kosmo, repository } from './kosmo.ts';

/** A registry on this machine that has one package, packed by npm itself. */
const folder = mkdtempSync(join(tmpdir(), 'kosmo-registry-'));
let archive: Buffer;
let integrity: string;
let registry: Server;
let url: string;
let kosmo: Kosmo;

beforeAll(async () => {
  const source = join(folder, 'rclone-openapi');
  mkdirSync(source);
  writeFileSync(
    join(source, 'package.json'),
    JSON.stringify({ name: 'rclone-openapi', version: '1.75.0', scripts: { prepack: 'exit 1' } }),
  );
  cpSync(join(repository, 'node_modules/rclone-openapi/openapi.json'), join(source, 'openapi.json'));
  execFileSync('npm', ['pack', '--ignore-scripts', source], { cwd: folder, stdio: 'ignore' });
  archive = readFileSync(join(folder, 'rclone-openapi-1.75.0.tgz'));
  integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  registry = createServer((request, response) => {
    if (request.url?.endsWith('.tgz') === true) return response.end(archive);
    if (request.url !== '/rclone-openapi') return response.writeHead(404).end('{}');
    const dist = { tarball: `${url}/rclone-openapi-1.75.0.tgz`, integrity };
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        name: 'rclone-openapi',
        'dist-tags': { latest: '1.75.0' },
        versions: { '1.75.0': { name: 'rclone-openapi', version: '1.75.0', dist } },
      }),
    );
  });
  await new Promise<void>((done) => registry.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
  kosmo = new Kosmo({ npm_config_registry: url, npm_config_fetch_retries: '0' });
});

afterAll(() => {
  registry.closeAllConnections();
  registry.close();
  kosmo.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function asked(...args: string[]): Promise<Envelope> {
  const { stdout, status } = await kosmo.run([...args, '--json']);
  return { ...envelopeOf(stdout), status };
}

describe('a preset', () => {
  it('is listed with the credentials it needs and the licence of its document', async () => {
    const { presets } = await asked('integrations:presets');
    expect(presets.length).toBeGreaterThan(5);
    for (const preset of presets) {
      expect(preset.spec).toMatch(/^(npm:(@[\w-]+\/)?[\w.-]+#[\w./-]+|https:\/\/\S+)$/);
      expect([preset.title, preset.licence, preset.credentials]).not.toContain('');
    }
  });

  it('is fetched from its package by npm, compiled, and followed from there', async () => {
    const added = await asked('integrations:add', 'rclone');
    expect(added).toMatchObject({ status: 0, source: 'npm:rclone-openapi#openapi.json', version: '1.75.0' });
    expect(added['report'].operations).toBeGreaterThan(100);
    expect(await asked('integrations:sync', 'rclone')).toMatchObject({ unchanged: true });
    const { presets } = await asked('integrations:presets');
    expect(presets.find(({ name }: Envelope) => name === 'rclone')).toMatchObject({ installed: true });
  });

  it('is not taken when its package is not what the registry says it is', async () => {
    integrity = `sha512-${createHash('sha512').update('another').digest('base64')}`;
    await kosmo.run(['integrations:remove', 'rclone']);
    rmSync(join(kosmo.home, '.npm'), { recursive: true, force: true });
    const refused = await asked('integrations:add', 'rclone');
    expect(refused).toMatchObject({ status: 1, error: { code: 'document_unreachable' } });
  });

  it('that is called before it was added is offered', async () => {
    const { stderr, status } = await kosmo.run(['integrations:github', 'list_repositories']);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'error: The integration github is not installed.\n  kosmo integrations:add github adds it.\n',
    });
  });

  it('whose package is not there is said to be', async () => {
    const refused = await asked('integrations:add', 'mine', '--spec', 'npm:no-such-package#openapi.json');
    expect(refused).toMatchObject({ status: 1, error: { code: 'document_unreachable' } });
    expect(refused['error'].message).toContain('no-such-package');
  });
});
