/**
 * kosmo as the client of the protocol's own conformance suite, which gives the scenario in the environment and the URL of
 * its server as the last argument. It is the real command, in a home of its own.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const scenario = process.env['MCP_CONFORMANCE_SCENARIO'] ?? '';
const context = JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}');
const url = process.argv.at(-1) ?? '';
const folder = mkdtempSync(join(tmpdir(), 'kosmo-conformance-'));
const home = join(folder, 'kosmo');
const env = {
  PATH: process.env['PATH'],
  HOME: folder,
  KOSMO_HOME: home,
  KOSMO_KEYRING: 'off',
  BROWSER: join(import.meta.dirname, '../e2e/mcp-servers/browser.mjs'),
};

/** @param {string[]} args */
function kosmo(...args) {
  const binary = join(import.meta.dirname, '../../dist/cli/main.cjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary, ...args], {
    env,
    encoding: 'utf8',
  });
  process.stderr.write(`$ kosmo ${args.join(' ')}\n${stdout}${stderr}`);
  return { status, stdout, stderr };
}

/** What a person configures who has such a server. */
function configure() {
  kosmo('mcp:add', 'server', '--url', url);
  const { client_id: clientId, client_secret: clientSecret } = context;
  const { private_key_pem: privateKey, signing_algorithm: algorithm } = context;
  const named =
    scenario === 'auth/basic-cimd' ? 'https://conformance-test.local/client-metadata.json' : clientId;
  if (named === undefined) return;
  const oauth = {
    ...(scenario.startsWith('auth/client-credentials') ? { grant: 'client_credentials' } : {}),
    clientId: named,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(privateKey === undefined ? {} : { privateKey, algorithm }),
  };
  writeFileSync(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { server: { url, oauth } } }));
}

/** Calls every tool of the server that takes nothing, or what the scenario says; signs in when it is told to. */
function callTools() {
  const args = scenario === 'tools_call' ? ['{"a":5,"b":3}'] : ['{}'];
  for (let signIns = 0; signIns < 3; signIns += 1) {
    const listed = kosmo('mcp:tools', 'server', '--json');
    const results =
      listed.status === 0
        ? JSON.parse(listed.stdout).tools.map((/** @type {{ name: string }} */ { name }) =>
            kosmo('mcp:call', 'server', name, ...args, '--force'),
          )
        : [listed];
    const failed = results.find((/** @type {{ status: number }} */ { status }) => status !== 0);
    if (failed === undefined) return 0;
    if (!`${failed.stdout}${failed.stderr}`.includes('kosmo mcp:login server')) return 1;
    if (kosmo('mcp:login', 'server').status !== 0) return 1;
  }
  return 1;
}

/** A person who answers every question by pressing enter. */
async function callAnswering() {
  const library = join(import.meta.dirname, '../../dist/index.js');
  const { createRuntime } = await import(library);
  const runtime = createRuntime({ home, environment: env });
  runtime.mcp.attend({ asker: async () => ({ action: 'accept', content: {} }) });
  const source = 'for _, t in ipairs(mcp.tools("server")) do app.mcp.server[t.name]{} end';
  const { ok, error } = await runtime.lua({ source, name: scenario, force: true });
  await runtime.close();
  process.stderr.write(`${error?.message ?? ''}\n`);
  return ok ? 0 : 1;
}

configure();
const code = scenario.startsWith('elicitation') ? await callAnswering() : callTools();
rmSync(folder, { recursive: true, force: true });
process.exit(code);
