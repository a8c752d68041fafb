import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { connect, type GatewayClient } from './gateway-clients.ts';
import { Kosmo, repository } from './kosmo.ts';

const guide = readFileSync(join(repository, 'docs/gateway.md'), 'utf8');
const kosmo = new Kosmo();
const clients = new Map<string, Promise<GatewayClient>>();
afterAll(async () => {
  await Promise.all([...clients.values()].map(async (client) => (await client).close()));
  kosmo.remove();
});

interface Shown {
  readonly command: string;
  readonly output: string;
  readonly options: string;
}

/** What stands in blocks of a language: each line after the mark, and what the page says comes of it. */
function shownIn(language: string, mark: string): Shown[] {
  const blocks = [...guide.matchAll(new RegExp(`^\`\`\`${language}(.*)\\n([^]*?)^\`\`\`$`, 'gm'))];
  return blocks.flatMap(([, options = '', block = '']) =>
    block
      .split(new RegExp(`^${mark} `, 'm'))
      .slice(1)
      .map((text) => {
        const [command = '', ...output] = text.split('\n');
        return { command, output: output.join('\n').trimEnd(), options: options.trim() };
      }),
  );
}

function expectShown(printed: string, promised: string): void {
  const settled = printed.trimEnd().replaceAll(/\bapr_[0-9a-f]+/g, '<approval>');
  if (promised.endsWith('…')) expect(settled.startsWith(promised.slice(0, -1).trimEnd())).toBe(true);
  else expect(settled).toBe(promised);
}

describe('docs/gateway.md', () => {
  it.each(shownIn('console', '\\$'))('$command prints what it shows', async ({ command, output }) => {
    const { PATH = '' } = process.env;
    const env = { PATH, HOME: kosmo.home, KOSMO_KEYRING: 'off' };
    const printed = await new Promise<string>((resolve) => {
      execFile('sh', ['-c', command], { cwd: repository, env }, (_, stdout) => resolve(stdout));
    });
    expectShown(printed.replaceAll(kosmo.home, '~'), output);
  });

  it.each(shownIn('agent', '>'))(
    'an agent gets what it shows for $command',
    async ({ command, output, options }) => {
      const [, tool = '', args = ''] = /^(\w+) (.*)$/.exec(command) ?? [];
      const flags = ['--local', options === '' ? '--write=allow' : options];
      const client = clients.get(options) ?? connect(kosmo, flags);
      clients.set(options, client);
      const { text } = await (await client).call(tool, JSON.parse(args) as Record<string, unknown>);
      expectShown(text, output);
    },
  );

  it.each([
    ['claude-code', '~/.claude.json'],
    ['cursor', '~/.cursor/mcp.json'],
    ['codex', '~/.codex/config.toml'],
  ])('and docs/mcp.md show the settings of %s as they are written', async (client, file) => {
    const page = readFileSync(join(repository, 'docs/mcp.md'), 'utf8');
    const [, shown = ''] = new RegExp(`in \`${file}\`:\\n\\n\`\`\`\\w+\\n([^]*?)\`\`\``).exec(page) ?? [];
    const args = ['mcp:gateway:export', client, '--local', '--write=allow', '--command', 'kosmo'];
    const { stdout } = await kosmo.run(args, '', { KOSMO_HOME: '' });
    expect(shown).toBe(stdout);
  });

  it('names commands, options and pages that there are', () => {
    const reference = readFileSync(join(repository, 'docs/cli.md'), 'utf8');
    const commands = guide.match(/\b(?:mcp|approvals|runs|integrations):[a-z:]+\b/g) ?? [];
    const known = new Set([...reference.matchAll(/^## (\S+)$/gm)].map(([, name]) => name));
    expect([...new Set(commands)].filter((command) => !known.has(command))).toEqual([]);
    const options = guide.match(/(?<=[ `])--[a-z-]+/g) ?? [];
    expect([...new Set(options)].filter((option) => !reference.includes(option))).toEqual([]);
    for (const [, page = ''] of guide.matchAll(/\]\(([a-z-]+\.md)\)/g))
      expect(existsSync(join(repository, 'docs', page))).toBe(true);
  });
});
