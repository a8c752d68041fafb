import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Catalogue } from '../catalogue.ts';
import { manifest } from './document.ts';
import type { Seen } from './seen.ts';
import { reasonUnprovoked } from './unprovoked.ts';

/** The page of the coverage, from the repository's root. */
export const coveragePage = join('docs', 'workos-local-coverage.md');

/** Odd requests succeed by chance: that proves nothing. */
const proves = ({ file }: Seen) => !file.endsWith('fuzz.test.ts');

interface Row {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  /** Where it is handled. */
  readonly file: string | null;
  /** The tests that saw it succeed. */
  readonly tests: readonly string[];
  readonly statuses: readonly string[];
  /** Errors the document names, that no test sees although one could. */
  readonly missing: readonly string[];
}

/** What the tests have seen of each operation of the document. */
export function coverageOf(catalogue: Catalogue, seen: readonly Seen[]): Row[] {
  const files = handlerFiles();
  return manifest.index.operations.map((entry) => {
    const { operationId, method, path, responses } = manifest.operation(entry);
    const own = seen.filter((one) => one.operationId === operationId && proves(one));
    const statuses = sorted(own.map(({ status }) => String(status)));
    return {
      operationId,
      method,
      path,
      file: catalogue.handlerOf(operationId) === null ? null : (files.get(operationId) ?? null),
      tests: sorted(own.filter(({ status }) => status < 400).map(({ file }) => file)),
      statuses,
      missing: responses
        .map(({ status }) => status)
        .filter((status) => Number(status) >= 400 && !statuses.includes(status))
        .filter((status) => reasonUnprovoked(operationId, status) === null),
    };
  });
}

/** The page: a line for each operation. */
export function renderCoverage(rows: readonly Row[]): string {
  const handled = rows.filter(({ file, tests }) => file !== null && tests.length > 0).length;
  const lines = rows.map(({ operationId, method, path, file, statuses, tests }) =>
    [
      `\`${operationId}\``,
      `\`${method} ${path}\``,
      file === null ? '–' : `\`${file}\``,
      statuses.join(', '),
      tests.map((test) => `\`${test}\``).join('<br>'),
    ].join(' | '),
  );
  return `# What the local WorkOS server does

${handled} of ${rows.length} operations of the WorkOS document are handled, each with a test in which it succeeds and its answer
is what the document says. This page is made from a run of the tests (\`npm run docs:coverage\`).

| operation | method and path | handled in | statuses seen | tests in which it succeeds |
| --- | --- | --- | --- | --- |
${lines.map((line) => `| ${line} |`).join('\n')}
`;
}

/** In which file of resources/ each operation is handled: the one that has it as a key. */
function handlerFiles(): Map<string, string> {
  const folder = join(process.cwd(), 'src', 'workos-local', 'resources');
  const files = new Map<string, string>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    const text = readFileSync(join(folder, name), 'utf8');
    for (const [, id = ''] of text.matchAll(/^ {2}'?(\w+Controller_\w+(?:\[0\])?)'?[:(]/gm)) {
      files.set(id, relative(process.cwd(), join(folder, name)));
    }
  }
  return files;
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].toSorted((one, other) => (one < other ? -1 : 1));
}
