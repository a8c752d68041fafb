import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliPage } from '../../scripts/reference/cli-page.ts';
import { errorsPage } from '../../scripts/reference/errors-page.ts';
import { commands } from '../../src/cli/commands.ts';
import { errorCatalogue } from '../../src/support/errors.ts';

const read = (page: string) => readFileSync(join(import.meta.dirname, '../../docs', page), 'utf8');

describe('the reference pages', () => {
  it('say what the commands’ definitions say; npm run docs:reference writes them', async () => {
    const page = await cliPage();
    expect(read('cli.md')).toBe(page);
    for (const name of Object.keys(commands)) expect(page).toContain(`\n## ${name}\n`);
  });

  it('name every error', () => {
    expect(read('errors.md')).toBe(errorsPage());
    for (const code of Object.keys(errorCatalogue)) expect(errorsPage()).toContain(`| \`${code}\` |`);
  });
});

describe('every command', () => {
  it.each(Object.entries(commands))(
    '%s has a summary of one line and a description of each option',
    async (_, entry) => {
      expect(entry.summary.length).toBeLessThanOrEqual(80);
      const command = (await entry.load()).define();
      for (const { flags, description, hidden } of command.options)
        if (!hidden) expect(description, flags).not.toBe('');
    },
  );
});
