import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocs } from '../../src/docs/index.ts';
import { presetOf, readPackageFile } from '../../src/install/index.ts';
import { Runtime } from '../../src/runtime/index.ts';
import { isJsonObject, type JsonValue } from '../../src/support/json.ts';
import { parseJson } from '../../src/support/parse-json.ts';
import { repository } from '../e2e/kosmo.ts';
import { drive, install, validatingServer } from './drive.ts';

/**
 * GitHub's document, 13 MB of it. Its package is 385 MB unpacked, so it is no dependency: it is fetched once, as the
 * preset fetches it, and kept with the build. Without a registry these tests are skipped, and say so.
 */
const kept = join(repository, 'build/documents/github.json');

async function documentText(): Promise<string | null> {
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  const [packageName = '', file = ''] = (presetOf('github')?.spec ?? '').slice('npm:'.length).split('#');
  try {
    const { text } = await readPackageFile(packageName, file);
    mkdirSync(join(kept, '..'), { recursive: true });
    writeFileSync(kept, text);
    return text;
  } catch {
    return null;
  }
}

// Two and a half thousand calls take minutes: `npm run prove:github`.
const text = process.env['KOSMO_PROVE_GITHUB'] === '1' ? await documentText() : null;
if (text === null)
  process.stderr.write('GitHub’s document is not asked for or not there: its tests are skipped.\n');

/** What the document's patterns ask for. */
const texts: Readonly<Record<string, string>> = {
  version: '1.2.3',
  digest: `sha256:${'a'.repeat(64)}`,
  subject_digest: `sha256:${'a'.repeat(64)}`,
  commit_sha: 'a'.repeat(40),
  key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5',
};

function known(slug: string, name: string, value: JsonValue): JsonValue | undefined {
  // A number, too, would fit both of their variants once it is text in a path.
  if (name === 'workflow_id' || (slug.includes('pages_deployment') && name === 'deployment_id'))
    return 'main.yml';
  return typeof value === 'string' && Object.hasOwn(texts, name) ? texts[name] : undefined;
}

/** Bodies of which one variant is to be given: more than it needs is another one, too. */
const skipped = [
  'github_projects_add_item_for_org full',
  'github_projects_add_item_for_user full',
  'github_code_scanning_create_variant_analysis full',
];

describe.skipIf(text === null)('GitHub’s document', () => {
  const home = mkdtempSync(join(tmpdir(), 'kosmo-github-'));
  const document = parseJson(text ?? '{}');

  beforeAll(async () => {
    const { edition, remarks } = await install(home, 'github', { spec: kept, preset: 'github' });
    expect(edition.report).toMatchObject({ unnamed: [], degraded: [], missingSummaries: [] });
    expect(remarks).toEqual([]);
    expect(edition.record.sha256).toBe(
      createHash('sha256')
        .update(text ?? '')
        .digest('hex'),
    );
  }, 60_000);

  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('has every operation, found by what it does and documented', async () => {
    const runtime = new Runtime({ home, environment: { KOSMO_KEYRING: 'off' } });
    const github = runtime.catalog.get('github');
    const operations = github?.reader.index.operations ?? [];
    const paths = isJsonObject(document) && isJsonObject(document['paths']) ? document['paths'] : {};
    const count = Object.values(paths).flatMap((item) =>
      Object.keys(isJsonObject(item) ? item : {}).filter((key) =>
        /^(get|put|post|delete|patch|head)$/.test(key),
      ),
    ).length;
    expect(operations.length).toBe(count);
    expect(count).toBeGreaterThan(1_000);
    const docs = createDocs(runtime.catalog);
    for (const [query, name] of [
      ['create an issue', 'create_issue'],
      ['list repositories for a user', 'list_repositories_user'],
      ['merge a pull request', 'merge_pull_request'],
    ] as const) {
      const { results: found } = await docs.findFunctions(query, { limit: 5 });
      expect(found.map(({ lua_name }) => lua_name)).toContain(name);
    }
    for (const { slug } of operations) {
      const page = await docs.read(`github.${slug}`);
      expect('markdown' in page ? page.markdown : page.message).toMatch(/^(# |`)/);
    }
    await runtime.close();
  }, 120_000);

  it('makes calls that are valid by an independent validator, for every operation', async () => {
    if (!isJsonObject(document)) throw new Error('no document');
    const { server, url } = await validatingServer(document);
    try {
      const { operations, failures } = await drive(home, 'github', url, { known, skipped });
      expect(failures).toEqual([]);
      expect(operations).toBeGreaterThan(1_000);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }, 300_000);
});
