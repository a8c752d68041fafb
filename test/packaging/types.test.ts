import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, expect, it } from 'vitest';
import { Catalog } from '../../src/catalog/index.ts';
import { exampleArguments } from '../../src/docs/index.ts';
import { typeDeclarations } from '../../src/docs/type-declarations.ts';
import { stringifyJson } from '../../src/support/json.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'kosmo-types-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const workos = Catalog.open(join(root, 'dist/integrations')).get('workos');
if (workos === undefined) throw new Error('workos is not built');
const { reader } = workos;

/** What the compiler says of a program beside the declarations. */
function faultsOf(program: string): string[] {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'program.ts'), program);
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const host = ts.createProgram([join(folder, 'program.ts')], {
    ...options,
    // The declarations themselves are held to every rule, unlike those of packages.
    skipLibCheck: false,
    skipDefaultLibCheck: true,
    typeRoots: [join(root, 'node_modules/@types')],
  });
  // Only these two files: the rest of the sources has a check of its own.
  const files = host.getSourceFiles().filter(({ fileName }) => fileName.startsWith(folder));
  return files
    .flatMap((file) => [...host.getSyntacticDiagnostics(file), ...host.getSemanticDiagnostics(file)])
    .map(({ messageText, start, file }) => {
      const line = file === undefined || start === undefined ? '' : file.text.slice(start).split('\n')[0];
      return `${ts.flattenDiagnosticMessageText(messageText, '\n')} at ${line}`;
    });
}

it('the declarations of an integration compile, take every example, and give calls their types', () => {
  writeFileSync(join(folder, 'workos.d.ts'), typeDeclarations(workos));
  const operations = reader.index.operations.map((entry) => reader.operation(entry));
  const examples = operations.map((operation, index) => {
    const args = exampleArguments(operation, (name) => reader.schema(name), 'full');
    return `export const example${index}: workos.${operation.className}.Arguments = ${stringifyJson(args)};`;
  });
  const names = operations.map(({ slug, className }, index) => {
    const name = `workos.${slug}`;
    return `export const result${index} = async (): Promise<workos.${className}.Result | null> => {
  const outcome = await kosmo.call(${JSON.stringify(name)}, example${index});
  return outcome.ok ? outcome.value : null;
};`;
  });
  const program = `
import { createRuntime } from '${join(root, 'src/index.ts')}';
import type * as workos from './workos.js';
const kosmo = createRuntime<workos.Functions>();
${examples.join('\n')}
${names.join('\n')}
export async function main(): Promise<string[]> {
  const listed = await kosmo.call('workos.list_users', { limit: 5 }, { account: 'localhost' });
  if (!listed.ok) throw new Error(listed.error.message);
  const run = await kosmo.lua({ source: 'return 1', name: 'program.lua' });
  const pages: string[] = (await kosmo.docs()).list().map(({ name }) => name);
  return [...listed.value.data.map(({ email }) => email), ...pages, ...kosmo.catalog.names(), String(run.result)];
}
// @ts-expect-error there is no such function
export const misspelt = () => kosmo.call('workos.list_userz', {});
// @ts-expect-error there is no such argument
export const unknownArgument = () => kosmo.call('workos.list_users', { limt: 5 });
// @ts-expect-error a number is wanted
export const wrongType = () => kosmo.call('workos.list_users', { limit: 'five' });
// @ts-expect-error the e-mail address is missing
export const missing = () => kosmo.call('workos.create_user', { first_name: 'Ann' });
export const untyped = () => createRuntime().call('any.function', { at: 'all' });
`;
  expect(faultsOf(program).slice(0, 10)).toEqual([]);
}, 120_000);
