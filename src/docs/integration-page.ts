import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Integration } from '../catalog/index.ts';
import type { AccountField, IndexedOperation } from '../manifest/index.ts';
import { luaPath } from './lua-text.ts';
import { fixed, flexible, type Page, type Part } from './page.ts';
import { cell, prose } from './prose.ts';
import { sectionsOf } from './sections.ts';

/** How many groups of functions are named where there is little room. */
const fewGroups = 40;

/** The page about an integration, or about an MCP server: its guide, its account's fields, and all its functions. */
export function integrationPage(integration: Integration): Page {
  const { index } = integration.reader;
  const isServer = integration.name.startsWith('mcp.');
  return {
    name: isServer ? integration.name : `integrations.${integration.name}`,
    parts: [
      fixed(`# ${index.title}`),
      ...guideParts(integration),
      ...(isServer ? [] : [accountPart(index.fields)]),
      functionsPart(integration),
      sourcePart(integration),
    ],
  };
}

/** A guide's sections; the first lines of an integration that has none are its document's description. */
function guideParts(integration: Integration): Part[] {
  const file = integration.folder === null ? null : join(integration.folder, 'guide.md');
  const text =
    file !== null && existsSync(file)
      ? readFileSync(file, 'utf8')
      : prose(integration.reader.index.description);
  const [first, ...sections] = sectionsOf(text);
  // What stands first matters most.
  const parts = sections.map(({ title, text: section }, at) =>
    flexible(section, { text: '', lacks: `“${title}”`, loss: 40 - at }),
  );
  return first === undefined || first.text === '' ? parts : [descriptionPart(first.text), ...parts];
}

function descriptionPart(text: string): Part {
  const [paragraph = ''] = text.split(/\n\s*\n/);
  return paragraph.length === text.length
    ? fixed(text)
    : flexible(text, { text: paragraph, lacks: 'the rest of its description', loss: 30 });
}

function accountPart(fields: readonly AccountField[]): Part {
  if (fields.length === 0) return fixed('## Account\n\nIt takes no credentials.');
  const rows = fields.map(({ name, required, env, description, default: standard }) => {
    const words = [cell(description), standard === null ? '' : `Default ${standard}.`]
      .filter((part) => part !== '')
      .join(' ');
    return `| \`${name}\` | ${required ? 'yes' : 'no'} | \`${env}\` | ${words} |`;
  });
  const table = [
    '| Field | Required | Environment variable | Meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
  ];
  const names = fields.map(({ name, required }) => `\`${name}\`${required ? ' (required)' : ''}`);
  return flexible(['## Account', '', ...table].join('\n'), {
    text: `## Account\n\nFields: ${names.join(', ')}.`,
    lacks: 'what the account’s fields mean',
    loss: 20,
  });
}

function functionsPart(integration: Integration): Part {
  const { operations, tags } = integration.reader.index;
  const descriptions = new Map(tags.map((tag) => [tag.name, cell(tag.description)]));
  const groups = byTag(operations);
  const page = integration.name;
  const heading = `## Functions (${operations.length})`;
  const how = `Called as \`${luaPath(page, 'NAME')}{ … }\`; \`docs.read("${page}.NAME")\` says everything about one.`;
  const section = (lines: readonly string[]) => [heading, '', how, '', ...lines].join('\n');
  const headOf = (tag: string) => tag || (groups.length === 1 ? '' : 'Other');
  const whole = groups.flatMap(([tag, group], at) => {
    const description = descriptions.get(tag) ?? '';
    const head = headOf(tag);
    return [
      ...(at === 0 ? [] : ['']),
      ...(head === '' ? [] : [`### ${head}${description === '' ? '' : `: ${description}`}`, '']),
      ...group.map(({ luaName, effect, summary }) => `- \`${luaName}\` (${effect}): ${summary}`),
    ];
  });
  const names = groups.map(([tag, group]) => {
    const head = headOf(tag);
    const list = [...new Set(group.map(({ luaName }) => luaName))].join(', ');
    return head === '' ? list : `- ${head}: ${list}`;
  });
  const counts = groups
    .slice(0, fewGroups)
    .map(([tag, group]) => `${headOf(tag) || 'functions'} (${group.length})`);
  const more = groups.length > fewGroups ? `, and ${groups.length - fewGroups} groups more` : '';
  const search = `\`docs.search("what you want to do")\` finds a function; \`docs.read("${page}", { section = "${headOf(groups[0]?.[0] ?? '') || 'Functions'}" })\` lists a group.`;
  return flexible(
    section(whole),
    { text: section(names), lacks: 'what each function does and its effect', loss: 25 },
    {
      text: section([`Groups: ${counts.join(', ')}${more}. ${search}`]),
      lacks: 'the names of the functions',
      loss: 70,
    },
  );
}

function sourcePart(integration: Integration): Part {
  const { location, version, sha256 } = integration.reader.index.source;
  const words =
    sha256 === ''
      ? `From ${[location, version].filter((part) => part !== '').join(' ')}.`
      : `Compiled from ${location} ${version} (SHA-256 ${sha256}).`;
  return flexible(`## Source\n\n${words}`, { text: '', lacks: null, loss: 1 });
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
