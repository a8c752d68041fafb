import { mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { didYouMean, nearestNames } from '../../../catalog/index.ts';
import { writeWhole } from '../../../home/index.ts';
import { KosmoError, systemErrorCode } from '../../../support/errors.ts';
import { type ConfigFile, parseConfig, readConfigText, serversOf } from '../read-config.ts';
import type { Launch } from '../server-config.ts';
import type { ClientScope, Machine, McpClient } from './client.ts';
import { mcpClients } from './clients.ts';
import { editJson } from './json.ts';
import { editToml, parseToml } from './toml.ts';

/** This machine, as the process sees it. */
export function thisMachine(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Machine {
  return {
    platform: process.platform,
    homeFolder: environment['HOME'] || environment['USERPROFILE'] || homedir(),
    folder,
    environment,
  };
}

/**
 * The program of that name.
 * @throws KosmoError `usage` when kosmo knows none
 */
export function findClient(name: string): McpClient {
  const wanted = name.toLowerCase().replace(/[ _]/g, '-');
  const found = mcpClients.find((client) => client.name === wanted);
  if (found !== undefined) return found;
  const names = mcpClients.map((client) => client.name);
  throw new KosmoError('usage', `kosmo knows no client ${name}.${didYouMean(nearestNames(wanted, names))}`, {
    hint: `It knows ${names.join(', ')}.`,
  });
}

/**
 * Where a program keeps its servers, for everywhere or for the project.
 * @throws KosmoError `usage` when it keeps none in a project
 */
export function settingsFileOf(client: McpClient, scope: ClientScope, machine: Machine): string {
  if (scope === 'user') return client.userFile(machine);
  if (client.projectFile !== null) return join(machine.folder, client.projectFile);
  throw new KosmoError('usage', `${client.title} has no settings of a project.`, {
    hint: 'Leave --project out.',
  });
}

/** The servers in a program's settings; a file that is not there has none. */
export async function readSettings(client: McpClient, file: string, machine: Machine): Promise<ConfigFile> {
  const text = readConfigText(file);
  if (text === null) return { servers: [], faults: [] };
  if (typeof text !== 'string') return { servers: [], faults: [text] };
  const shape = { tables: client.tables(machine), read: client.read };
  if (client.format === 'json') return parseConfig(text, file, 'user', shape);
  const read = await parseToml(text, file);
  if ('fault' in read) return { servers: [], faults: [read.fault] };
  return serversOf(read.document, file, 'user', shape);
}

/**
 * A program's settings with a server put in, or taken out (`null`). Comments and all other keys stay as they are.
 * @param text the settings as they are; null when there are none yet
 * @throws KosmoError `settings_invalid` when they cannot be read, `not_configured` when the program cannot have such a
 *   server
 */
export async function settingsWith(
  client: McpClient,
  text: string | null,
  file: string,
  machine: Machine,
  name: string,
  launch: Launch | null,
): Promise<string> {
  const entry = launch === null ? null : client.write(launch);
  if (typeof entry === 'string') {
    throw new KosmoError('not_configured', `${client.title} cannot have the server ${name}: ${entry}.`, {
      hint: 'Leave it out, or change how it is configured.',
      details: { server: name, client: client.name },
    });
  }
  const [table = []] = client.tables(machine);
  if (client.format === 'toml') return editToml(text ?? '', file, table[0] ?? '', name, entry);
  const before = text === null || text.trim() === '' ? '{}\n' : text;
  const [fault] = parseConfig(before, file, 'user', { tables: [], read: client.read }).faults;
  if (fault !== undefined) throw KosmoError.of(fault);
  return editJson(before, [...table, name], entry);
}

/**
 * Puts a server into a program's settings file, or takes it out.
 * @throws KosmoError as `settingsWith`, and `settings_invalid` when the file cannot be written
 */
export async function changeSettings(
  client: McpClient,
  file: string,
  machine: Machine,
  name: string,
  launch: Launch | null,
): Promise<void> {
  const text = readConfigText(file);
  if (text !== null && typeof text !== 'string') throw KosmoError.of(text);
  const changed = await settingsWith(client, text, file, machine, name, launch);
  if (changed === text) return;
  try {
    mkdirSync(dirname(file), { recursive: true });
    // It may hold keys; one that is there keeps the permissions it has.
    writeWhole(file, changed, text === null ? 0o600 : statSync(file).mode & 0o777);
  } catch (error) {
    throw new KosmoError(
      'settings_invalid',
      `Cannot write ${file} (${systemErrorCode(error) ?? 'unknown reason'}). Nothing was changed.`,
      { hint: 'Mend its permissions.', details: { file }, cause: error },
    );
  }
}
