import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reachServer } from '../../src/mcp/manage.ts';
import { createRuntime } from '../../src/runtime/index.ts';
import { repository } from './kosmo.ts';

/**
 * Servers of npm that have no HTTP of their own, behind HTTP: whatever they say comes from them, through the official
 * library's transports.
 */
const require = createRequire(import.meta.url);
const commandOf = (name: string, ...args: string[]) => [
  process.execPath,
  require.resolve(`@modelcontextprotocol/${name}/dist/index.js`),
  ...args,
];
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kosmo-bridged-')));
const home = join(folder, 'home');
const files = join(folder, 'files');
const memory = commandOf('server-memory');
const filesystem = commandOf('server-filesystem', files);
const bridges: ChildProcess[] = [];
const addresses: Record<string, string> = {};

/** Puts a command behind HTTP. @returns where */
async function bridge(command: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [join(repository, 'test/e2e/mcp-servers/bridge.mjs'), ...command], {
    env: { PATH: process.env['PATH'], MEMORY_FILE_PATH: join(folder, 'memory.jsonl') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  bridges.push(child);
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  return line.toString().trim();
}

beforeAll(async () => {
  mkdirSync(home);
  mkdirSync(files);
  writeFileSync(join(files, 'note.txt'), 'remember the milk');
  writeFileSync(join(files, 'dot.png'), Buffer.from('89504e470d0a1a0a', 'hex'));
  const [ofMemory, ofFilesystem, changing] = await Promise.all([
    bridge(memory),
    bridge(filesystem),
    bridge(memory),
  ]);
  Object.assign(addresses, { memory: ofMemory, filesystem: ofFilesystem, changing });
  const at = (name: string, era: string) => [`${name}_${era}`, { url: `${addresses[name]}/${era}` }] as const;
  const mcpServers = Object.fromEntries(
    Object.keys(addresses).flatMap((name) => [at(name, '2025'), at(name, '2026')]),
  );
  writeFileSync(join(home, 'mcp.json'), JSON.stringify({ mcpServers }));
});
afterAll(() => {
  for (const child of bridges) child.kill();
  rmSync(folder, { recursive: true, force: true });
});

const open = () => createRuntime({ home, folder, environment: { PATH: process.env['PATH'] } });

async function lua(source: string) {
  const runtime = open();
  try {
    return await runtime.lua({ source, name: 'test', force: true });
  } finally {
    await runtime.close();
  }
}

describe.each([
  ['2025', '2025-11-25'],
  ['2026', '2026-07-28'],
])('over HTTP, by the revisions of %s,', (era, revision) => {
  it('servers are spoken to by the newest revision that both know', async () => {
    const runtime = open();
    const reached = await Promise.all(
      ['memory', 'filesystem'].map((name) => reachServer(runtime.mcp, `${name}_${era}`)),
    );
    await runtime.close();
    expect(reached.map(({ state, protocol, server }) => [state, protocol, server?.name])).toEqual([
      ['reached', revision, 'memory-server'],
      ['reached', revision, 'secure-filesystem-server'],
    ]);
  });

  it('server-memory keeps what it is told, in a table and as a resource', async () => {
    const name = `Mara${era}`;
    const { result, error, calls } = await lua(`
      local memory = app.mcp.memory_${era}
      memory.create_entities{ entities = { { name = "${name}", entityType = "person", observations = { "runs it" } } } }
      local found = memory.open_nodes{ names = { "${name}" } }.entities[1]
      local resource = mcp.resources("memory_${era}")[1]
      local graph = json.decode(mcp.read_resource("memory_${era}", resource.uri).text)
      local named = false
      for _, entity in ipairs(graph.entities) do named = named or entity.name == "${name}" end
      return { found.observations[1], resource.uri, resource.mimeType, named }`);
    expect([error, result]).toEqual([
      null,
      ['runs it', 'memory://knowledge-graph', 'application/json', true],
    ]);
    expect(calls.map((call) => [call.function, call.effect])).toEqual([
      [`mcp.memory_${era}.create_entities`, 'write'],
      [`mcp.memory_${era}.open_nodes`, 'read'],
    ]);
  });

  it('server-filesystem reads and writes files, and gives pictures as files', async () => {
    const { result, error } = await lua(`
      local files = app.mcp.filesystem_${era}
      files.write_file{ path = "${files}/new-${era}.txt", content = "one line" }
      return {
        files.read_text_file{ path = "${files}/note.txt" }.content,
        files.read_media_file{ path = "${files}/dot.png" },
      }`);
    expect(error).toBeNull();
    expect(result).toEqual([
      'remember the milk',
      { content: [{ type: 'image', mime_type: 'image/png', path: expect.any(String) as string }] },
    ]);
    const [, picture] = result as [string, { content: [{ path: string }] }];
    expect(readFileSync(picture.content[0].path)).toEqual(readFileSync(join(files, 'dot.png')));
    expect(readFileSync(join(files, `new-${era}.txt`), 'utf8')).toBe('one line');
  });

  it('what a server says of a failure is raised, and the program goes on', async () => {
    const { result } = await lua(`
      local out, outside = pcall(app.mcp.filesystem_${era}.read_text_file, { path = "/etc/hostname" })
      local gone, missing = pcall(app.mcp.memory_${era}.add_observations,
        { observations = { { entityName = "nobody", contents = { "x" } } } })
      local wrong, unchecked = pcall(app.mcp.filesystem_${era}.read_text_file, { path = 7 })
      local none, resource = pcall(mcp.read_resource, "memory_${era}", "memory://nothing")
      return {
        { out, outside.code, outside.message }, { gone, missing.code, missing.message },
        { wrong, unchecked.code, unchecked.message }, { none, resource.code, resource.message },
      }`);
    expect(result).toEqual([
      [false, 'tool_error', expect.stringMatching(/^Access denied - path outside allowed directories/)],
      [false, 'tool_error', 'Entity with name nobody not found'],
      [false, 'invalid_arguments', 'read_text_file: path: expected a string, got 7'],
      [false, 'tool_error', 'Resource memory://nothing not found'],
    ]);
  });

  it('a host that goes on has the tools and resources of what stands there now', async () => {
    const runtime = open();
    const names = async () => {
      const source = `local names = {} for _, tool in ipairs(mcp.tools("changing_${era}")) do names[tool.name] = true end
        return { names.read_graph == true, names.read_text_file == true, #mcp.resources("changing_${era}") }`;
      return (await runtime.lua({ source, name: 'names' })).result;
    };
    const putBehind = (command: readonly string[]) =>
      fetch(`${addresses['changing']}/behind`, { method: 'POST', body: JSON.stringify(command) });
    expect(await names()).toEqual([true, false, 1]);
    await putBehind(filesystem);
    await expect.poll(names).toEqual([false, true, 0]);
    await putBehind(memory);
    await expect.poll(names).toEqual([true, false, 1]);
    await runtime.close();
  });
});
