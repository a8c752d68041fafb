import { join } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../support/json.ts';
import type { Launch } from '../server-config.ts';
import type { Machine, McpClient } from './client.ts';
import { codex } from './codex.ts';
import { usualEntry } from './entry.ts';
import {
  editorStyle,
  noStyle,
  plainStyle,
  prefixStyle,
  restyled,
  shellStyle,
  type VariableStyle,
} from './variable-styles.ts';

const usualTable = () => [['mcpServers']];
const asItIs = (entry: JsonObject) => entry;

/** The usual entry, which a command has its type in, too. */
const withItsType = (launch: Launch) =>
  launch.kind === 'stdio' ? { type: 'stdio', ...usualEntry(launch) } : usualEntry(launch);

/** Writes a server the usual way, its variables in the program's style. */
function writer(
  title: string,
  style: VariableStyle,
  entry: (launch: Launch) => JsonObject = usualEntry,
): McpClient['write'] {
  return (launch) => {
    const written = restyled(title, launch, style);
    return typeof written === 'string' ? written : entry(written);
  };
}

const claudeCode: McpClient = {
  name: 'claude-code',
  title: 'Claude Code',
  format: 'json',
  userFile: ({ homeFolder, environment }) =>
    join(environment['CLAUDE_CONFIG_DIR'] || homeFolder, '.claude.json'),
  projectFile: '.mcp.json',
  // Servers that a person added for one folder alone stand in the person's own file.
  tables: ({ folder }) => [['mcpServers'], ['projects', folder, 'mcpServers']],
  read: asItIs,
  write: writer('Claude Code', shellStyle, withItsType),
  afterwards: 'Start Claude Code anew; /mcp shows its servers.',
};

const claudeDesktop: McpClient = {
  name: 'claude-desktop',
  title: 'Claude Desktop',
  format: 'json',
  userFile: (machine) => join(applicationFolder(machine), 'Claude', 'claude_desktop_config.json'),
  projectFile: null,
  tables: usualTable,
  read: asItIs,
  write: (launch) =>
    launch.kind === 'http'
      ? 'Claude Desktop reads only servers that are commands from this file; a URL is added there as a connector'
      : writer('Claude Desktop', noStyle)(launch),
  afterwards: 'Quit Claude Desktop and start it anew.',
};

const cursor: McpClient = {
  name: 'cursor',
  title: 'Cursor',
  format: 'json',
  userFile: ({ homeFolder }) => join(homeFolder, '.cursor', 'mcp.json'),
  projectFile: '.cursor/mcp.json',
  tables: usualTable,
  read: asItIs,
  write: writer('Cursor', editorStyle, (launch) => usualEntry(launch, { type: false })),
  afterwards: 'Cursor sees it at once; its settings show the servers.',
};

const vscode: McpClient = {
  name: 'vscode',
  title: 'VS Code',
  format: 'json',
  userFile: (machine) => join(applicationFolder(machine), 'Code', 'User', 'mcp.json'),
  projectFile: '.vscode/mcp.json',
  tables: () => [['servers'], ['mcpServers']],
  // What VS Code asks a person for, kosmo has as a secret.
  read: (entry) => mapTexts(entry, (text) => text.replace(/\$\{input:([^}]+)\}/g, '$${secret:$1}')),
  write: writer('VS Code', editorStyle, withItsType),
  afterwards: 'VS Code sees it at once; MCP: List Servers starts it.',
};

const gemini: McpClient = {
  name: 'gemini',
  title: 'Gemini CLI',
  format: 'json',
  userFile: ({ homeFolder }) => join(homeFolder, '.gemini', 'settings.json'),
  projectFile: '.gemini/settings.json',
  tables: usualTable,
  // A bare url is the older transport there; $NAME is a variable as ${NAME} is.
  read: (entry) => {
    const { type = 'sse' } = entry;
    const isOlder = typeof entry['url'] === 'string' && entry['httpUrl'] === undefined;
    return mapTexts(isOlder ? { ...entry, type } : entry, (text) => text.replace(/\$(\w+)/g, '$${$1}'));
  },
  write: writer('Gemini CLI', plainStyle, (launch) =>
    usualEntry(launch, {
      type: false,
      url: launch.kind === 'http' && launch.transport === 'sse' ? 'url' : 'httpUrl',
    }),
  ),
  afterwards: 'Start Gemini CLI anew; /mcp shows its servers.',
};

const windsurf: McpClient = {
  name: 'windsurf',
  title: 'Windsurf',
  format: 'json',
  userFile: ({ homeFolder }) => join(homeFolder, '.codeium', 'windsurf', 'mcp_config.json'),
  projectFile: null,
  tables: usualTable,
  read: asItIs,
  write: writer('Windsurf', prefixStyle, (launch) => usualEntry(launch, { type: false, url: 'serverUrl' })),
  afterwards: 'Refresh the servers in Windsurf.',
};

/** Every program whose settings kosmo reads and writes. */
export const mcpClients: readonly McpClient[] = [
  claudeCode,
  claudeDesktop,
  cursor,
  vscode,
  codex,
  gemini,
  windsurf,
];

/** The programs whose project files kosmo itself reads, in the order in which they go before each other. */
export const projectClients: readonly McpClient[] = [claudeCode, vscode, cursor];

/** Where programs keep their settings by the system's custom. */
function applicationFolder({ platform, homeFolder, environment }: Machine): string {
  if (platform === 'darwin') return join(homeFolder, 'Library', 'Application Support');
  if (platform === 'win32') return environment['APPDATA'] || join(homeFolder, 'AppData', 'Roaming');
  return environment['XDG_CONFIG_HOME'] || join(homeFolder, '.config');
}

function mapTexts(entry: JsonObject, map: (text: string) => string): JsonObject {
  const mapped = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') return map(value);
    if (Array.isArray(value)) return value.map(mapped);
    return isJsonObject(value) ? mapTexts(value, map) : value;
  };
  return Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, mapped(value)]));
}
