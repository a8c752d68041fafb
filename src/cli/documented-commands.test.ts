import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { CallRequest } from '../call/index.ts';
import { Catalog } from '../catalog/index.ts';
import { examplesOf } from '../docs/function-examples.ts';
import { Runtime } from '../runtime/index.ts';
import { findCommand } from './commands.ts';
import { runCommand } from './run-command.ts';

vi.mock('./output.ts', async (original) => ({ ...(await original<object>()), writeOut: async () => true }));
// A test has no stdin to be read.
vi.mock('./call/json-source.ts', async (original) => {
  const real = await original<typeof import('./call/json-source.ts')>();
  return { readArguments: async (given?: string) => (given === undefined ? {} : real.readArguments(given)) };
});

const home = mkdtempSync(join(tmpdir(), 'kosmo-commands-'));
vi.stubEnv('KOSMO_HOME', home);
afterAll(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(home, { recursive: true });
});

const catalog = Catalog.open(join(import.meta.dirname, '../../dist/integrations'));
const workos = catalog.get('workos');
if (workos === undefined) throw new Error('workos is not built');
const commands = workos.reader.index.operations.map((entry) => {
  const operation = workos.reader.operation(entry);
  const shared = workos.find(entry.luaName).length > 1;
  const lookup = (name: string) => workos.reader.schema(name);
  const names = new Map(operation.parameters.map(({ argument, alias }) => [alias ?? argument, argument]));
  return { slug: entry.slug, names, ...examplesOf('workos', operation, lookup, shared) };
});

/** A command line's words, as a shell cuts it: what stands between single quotes is one word. */
function wordsOfLine(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|\\'|[^\s'])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|\\'/g, (_, quoted: string | undefined) => quoted ?? "'"),
  );
}

describe('the command line that a function’s page shows', () => {
  const single = commands.filter(({ command }) => command.startsWith('kosmo integrations:workos '));

  it('is one command for most functions, and a program where something has to be made first', () => {
    expect(single.length).toBeGreaterThan(110);
    for (const { slug, command, before, minimal } of commands) {
      if (command.startsWith('kosmo integrations:workos ')) continue;
      const [, name, option, program = ''] = wordsOfLine(command);
      expect([name, option], slug).toEqual(['integrations:lua', '--eval']);
      const plain = (text: string) => text.replace(/\s+/g, ' ');
      expect(plain(program), slug).toBe(plain(`${before}\ndump(${minimal})`));
    }
  });

  it.each(single.map((each) => [each.slug, each] as const))(
    'of %s makes the call that the Lua example makes',
    async (slug, { command, names, arguments: { minimal } }) => {
      let asked: CallRequest | null = null;
      const call = vi.spyOn(Runtime.prototype, 'call').mockImplementation(async (request: unknown) => {
        asked = request as CallRequest;
        return { ok: true, value: null, text: null, page: null, record: {} } as never;
      });
      const [, name, ...words] = wordsOfLine(command);
      const definition = await findCommand(name);
      if (definition === null) throw new Error(`There is no command ${name}.`);
      await runCommand(definition, [...words, '--local'], null);
      call.mockRestore();
      // Another spelling of an argument reaches the call as the argument itself.
      const args = Object.fromEntries(
        Object.entries(minimal).map(([key, value]) => [names.get(key) ?? key, value]),
      );
      expect(asked).toMatchObject({ integration: 'workos', account: 'localhost', args });
      expect(workos.find((asked as CallRequest | null)?.function ?? '').map((entry) => entry.slug)).toEqual([
        slug,
      ]);
    },
  );
});
