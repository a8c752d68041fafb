import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Integration } from '../catalog/index.ts';
import type { AccountField, IndexedOperation } from '../manifest/index.ts';
import { cell } from './prose.ts';

/** The page about an integration: its guide, its account's fields, and all its functions. */
export function integrationPage(integration: Integration): string {
  const { index } = integration.reader;
  const lines = [
    `# ${index.title}`,
    '',
    ...guide(integration),
    '',
    '## Account',
    '',
    ...accountTable(index.fields),
  ];
  lines.push(
    '',
    `## Functions (${index.operations.length})`,
    '',
    'Called as `app.integrations.' +
      integration.name +
      '.NAME{ … }`; `docs.read("' +
      integration.name +
      '.NAME")` says everything about one.',
  );
  const tags = new Map(index.tags.map((tag) => [tag.name, tag.description]));
  for (const [tag, operations] of byTag(index.operations)) {
    const description = tags.get(tag) ?? '';
    lines.push('', `### ${tag || 'Other'}${description === '' ? '' : `: ${cell(description)}`}`, '');
    for (const { luaName, effect, summary } of operations)
      lines.push(`- \`${luaName}\` (${effect}): ${summary}`);
  }
  const { location, version, sha256 } = index.source;
  lines.push('', '## Source', '', `Compiled from ${location} ${version} (SHA-256 ${sha256}).`);
  return `${lines.join('\n')}\n`;
}

/** The first lines of an integration that has no guide of its own are its document's description. */
function guide(integration: Integration): string[] {
  const file = integration.folder === null ? null : join(integration.folder, 'guide.md');
  if (file !== null && existsSync(file)) return [readFileSync(file, 'utf8').trim()];
  const { description } = integration.reader.index;
  return description === '' ? [] : [description];
}

function accountTable(fields: readonly AccountField[]): string[] {
  const rows = fields.map(({ name, required, env, description, default: standard }) => {
    const words = [cell(description), standard === null ? '' : `Default ${standard}.`]
      .filter((part) => part !== '')
      .join(' ');
    return `| \`${name}\` | ${required ? 'yes' : 'no'} | \`${env}\` | ${words} |`;
  });
  return ['| Field | Required | Environment variable | Meaning |', '| --- | --- | --- | --- |', ...rows];
}

function byTag(operations: readonly IndexedOperation[]): [string, IndexedOperation[]][] {
  const groups = new Map<string, IndexedOperation[]>();
  for (const operation of operations) {
    const group = groups.get(operation.tag);
    if (group === undefined) groups.set(operation.tag, [operation]);
    else group.push(operation);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}
