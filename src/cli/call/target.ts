import type { Command } from 'commander';
import type { Catalog, Integration } from '../../catalog/index.ts';
import type { IndexedOperation } from '../../manifest/index.ts';
import { serverOf } from '../../mcp/index.ts';
import { KosmoError } from '../../support/errors.ts';

/** The function that a command line names. */
export interface Target {
  /** As asked for: it need not be there. */
  readonly integration: string;
  /** Null when the name does not say. */
  readonly account: string | null;
  readonly function: string;
  /** What is there by that name: more than one when operations share it, none when it is unknown. */
  readonly installed: Integration | null;
  readonly entries: readonly IndexedOperation[];
}

/**
 * Reads a function's name: `workos.list_users`, `workos.work.list_users` with an account, also as scripts write it.
 * @param integration the integration a command belongs to, whose functions need no prefix; else null
 * @throws KosmoError `usage` when it names no integration
 */
export function readTarget(catalog: Catalog, integration: string | null, text: string): Target {
  if (integration !== null && serverOf(integration) !== null) return toolTarget(catalog, integration, text);
  const plain = text.replace(/^(app\.)?integrations\./, '');
  const within = integration !== null && !plain.startsWith(`${integration}.`);
  const [first = '', ...rest] = within ? [integration, ...plain.split('.')] : plain.split('.');
  const name = rest.at(-1);
  if (name === undefined || name === '' || rest.length > 2) {
    const sharing = catalog
      .names()
      .filter((candidate) => (catalog.get(candidate)?.find(first).length ?? 0) > 0);
    const meant = sharing.map((candidate) => `${candidate}.${first}`).join(' or ');
    throw new KosmoError('usage', `${text} names no function of an integration.`, {
      hint: `Write it as INTEGRATION.FUNCTION${meant === '' ? ', such as workos.list_users' : `: ${meant}`}.`,
    });
  }
  const installed = catalog.get(first) ?? null;
  return {
    integration: first,
    account: rest.length === 2 ? (rest[0] ?? null) : null,
    function: name,
    installed,
    entries: installed?.find(name) ?? [],
  };
}

/** A tool of an MCP server: its name may hold dots, and it has no accounts. */
function toolTarget(catalog: Catalog, integration: string, text: string): Target {
  const name = text.replace(/^app\./, '');
  const tool = name.startsWith(`${integration}.`) ? name.slice(integration.length + 1) : text;
  const installed = catalog.get(integration) ?? null;
  return { integration, account: null, function: tool, installed, entries: installed?.find(tool) ?? [] };
}

/**
 * The function that a command line means, before its flags are known; null when it names none that is there.
 * @param command takes the options that every call has
 * @param leading how many arguments stand before the function
 */
export function findTarget(
  catalog: Catalog,
  integration: string | null,
  command: Command,
  args: readonly string[],
  leading = 0,
): Target | null {
  const words = args.filter((word) => word !== '--help' && word !== '-h');
  let operands: string[] = [];
  let unknown: string[] = [];
  try {
    ({ operands, unknown } = command
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
      .parseOptions(words));
  } catch {
    // An option's value is wrong; parsing in earnest says so.
  }
  const first = operands[leading];
  const found = (text: string): Target | null => {
    try {
      const target = readTarget(catalog, integration, text);
      return target.entries.length > 0 ? target : null;
    } catch {
      return null;
    }
  };
  if (first !== undefined) return found(first);
  // Flags of the function that stand before its name.
  for (const word of unknown) {
    const target = word.startsWith('-') ? null : found(word);
    if (target !== null) return target;
  }
  return null;
}
