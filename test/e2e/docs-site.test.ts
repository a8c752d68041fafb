import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { binary, ended, Kosmo } from './kosmo.ts';

const execute = promisify(execFile);
let kosmo: Kosmo;
let out = '';
beforeAll(() => {
  kosmo = new Kosmo();
  out = join(kosmo.home, 'site');
});
afterAll(() => kosmo.remove());

describe('docs:site', () => {
  it('writes the site and says where it is', async () => {
    const { status, stdout } = await kosmo.run(['docs:site', '--out', out, '--json']);
    expect(status).toBe(0);
    const { folder, pages, files } = JSON.parse(stdout) as { folder: string; pages: number; files: number };
    expect(folder).toBe(out);
    expect(pages).toBeGreaterThan(172);
    expect(files).toBeGreaterThan(2 * pages);
    const again = await kosmo.run(['docs:site', '--out', out]);
    expect(again.stdout).toContain(join(out, 'index.html'));
    expect(existsSync(join(out, 'llms.txt'))).toBe(true);
  });

  it('leaves a folder alone that holds something else', async () => {
    const mine = join(kosmo.home, 'mine');
    mkdirSync(mine);
    writeFileSync(join(mine, 'letter.txt'), 'Dear');
    const { status, stderr } = await kosmo.run(['docs:site', '--out', mine]);
    expect(status).toBe(2);
    expect(stderr).toContain('letter.txt');
  });

  it('has pages for the tools of MCP servers when it is told to, and only then', async () => {
    const server = (name: string) =>
      createRequire(import.meta.url).resolve(`@modelcontextprotocol/${name}/dist/index.js`);
    await kosmo.run(['mcp:add', 'memory', '--', process.execPath, server('server-memory')]);
    await kosmo.run(['mcp:add', 'every', '--', process.execPath, server('server-everything')]);
    await kosmo.run(['mcp:add', 'broken', '--', 'false']);
    const folder = join(kosmo.home, 'with-servers');
    expect(existsSync(join(out, 'mcp'))).toBe(false);
    const { status, stderr } = await kosmo.run(['docs:site', '--out', folder, '--servers', 'all']);
    expect([status, stderr]).toEqual([0, expect.stringMatching(/^warning: The MCP server broken cannot be/)]);
    const read = (path: string) => readFileSync(join(folder, path), 'utf8');
    const page = load(read('mcp/memory.html'));
    expect(page('h1').text()).toBe('memory-server');
    expect(page('.explorer li a').first().attr('href')).toBe('../mcp/memory/create_entities.html');
    expect(page('.explorer').text()).not.toContain('TOOL');
    expect(page('main, body').text()).toContain('kosmo mcp:call memory TOOL');
    const tool = load(read('mcp/every/get_structured_content.html'));
    expect(tool('h1').text()).toContain('get_structured_content');
    expect(tool.text()).toContain('app.mcp.every.get_structured_content');
    expect(read('mcp/memory/search_nodes.md')).toContain('# mcp.memory.search_nodes');
    expect(load(read('index.html'))('#servers ~ .cards a').first().text()).toContain('as app.mcp.memory');
    expect(read('llms.txt')).toContain('[memory-server](mcp/memory.md): its 9 tools, as app.mcp.memory');
    expect(read('assets/search-data.js')).toContain('mcp.memory');
    expect(existsSync(join(folder, 'mcp/broken.html'))).toBe(false);
    const broken = [...kosmoLinks(folder, ['mcp/memory.html', 'mcp/every.html', 'mcp/every/echo.html'])];
    expect(broken).toEqual([]);
    for (const [name, code] of [
      ['broken', 1],
      ['nobody', 1],
    ] as const) {
      const named = await kosmo.run(['docs:site', '--out', folder, '--servers', name]);
      expect([named.status, named.stderr]).toEqual([code, expect.stringContaining(name)]);
    }
  });

  it('is served with them, too; what a tool does is not run by a button', async () => {
    const child = kosmo.start(['docs:serve', '--port', '0', '--json', '--servers', 'memory']);
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const { url } = JSON.parse(line.toString()) as { url: string };
      const tool = load(await (await fetch(new URL('mcp/memory/search_nodes.html', url))).text());
      expect(tool('h1').text()).toContain('search_nodes');
      // What a button runs is on the local server; a real server's tools are not for trying.
      expect(tool('meta[name=kosmo-run]').attr('data-integrations')).toBe('workos');
      expect((await fetch(new URL('mcp/every.html', url))).status).toBe(404);
    } finally {
      child.kill('SIGTERM');
    }
    expect((await ended(child)).status).toBe(0);
  });

  it('asks where to', async () => {
    const { status, stderr } = await kosmo.run(['docs:site']);
    expect(status).toBe(2);
    expect(stderr).toContain('--out');
  });
});

/** The links of pages that lead to no file. */
function* kosmoLinks(folder: string, pages: readonly string[]): Generator<string> {
  for (const page of pages) {
    const $ = load(readFileSync(join(folder, page), 'utf8'));
    for (const link of $('a[href]').toArray()) {
      const [path = ''] = ($(link).attr('href') ?? '').split('#');
      if (path === '' || /^https?:/.test(path)) continue;
      if (!existsSync(join(folder, dirname(page), path))) yield `${page}: ${path}`;
    }
  }
}

describe('the front page', () => {
  it('leads to a program of one’s own: its commands and its program do what they promise', async () => {
    const $ = load(readFileSync(join(out, 'index.html'), 'utf8'));
    const [run, find, write, check, account] = $('.steps > li')
      .toArray()
      .map((step) => $(step).find('code').text());
    const folder = join(kosmo.home, 'work');
    mkdirSync(folder);
    expect(await shell(folder, run)).toContain('Saltmarsh Community Garden');
    const found = await shell(folder, find);
    expect(found).toContain('send_invitation');
    expect(found).toContain('list_organizations');
    writeFileSync(join(folder, 'mine.lua'), write ?? '');
    const checked = await shell(folder, check);
    const envelope = JSON.parse(checked.slice(checked.indexOf('{"success"'))) as {
      success: boolean;
      result: string[];
    };
    expect(envelope.success).toBe(true);
    expect(envelope.result).toContain('Saltmarsh Community Garden');
    expect(commandsOf(account)).toEqual(['integrations:configure', 'integrations:lua', 'integrations:lua']);
  });
});

/** Runs lines of the page in a shell in which `kosmo` is installed. */
async function shell(folder: string, lines = ''): Promise<string> {
  const { PATH = '' } = process.env;
  const { stdout } = await execute(
    'bash',
    ['-e', '-c', `kosmo() { "${process.execPath}" "${binary}" "$@"; }\n${lines}`],
    {
      cwd: folder,
      env: { PATH, HOME: kosmo.home, KOSMO_HOME: join(kosmo.home, 'kosmo'), KOSMO_KEYRING: 'off' },
    },
  );
  return stdout;
}

function commandsOf(lines = ''): string[] {
  return lines.split('\n').map((line) => line.split(' ')[1] ?? '');
}
