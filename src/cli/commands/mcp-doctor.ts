import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Command } from 'commander';
import { describeLaunch, type Launch, type ServerConfig } from '../../mcp/index.ts';
import { reachServer } from '../../mcp/manage.ts';
import { Runtime } from '../../runtime/index.ts';
import { type Failure, KosmoError } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';
import { plainText } from '../show/plain-text.ts';

/** One thing that was looked at. */
interface Check {
  /** Null for what is no one server's. */
  readonly server: string | null;
  readonly check: 'configuration' | 'trust' | 'program' | 'reachable' | 'tools' | 'last_end';
  readonly result: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly message: string;
  readonly fix: string | null;
  /** What the server wrote to its standard error, as far as it is kept. */
  readonly stderr?: string;
}

/** `mcp:doctor`: tries the servers, and says how to mend what is wrong. */
export const mcpDoctor: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo mcp:doctor')
    .summary('tries the MCP servers, and says how to mend what is wrong')
    .argument('[server]', 'only this one')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
It reads the files, looks for each program, starts the servers that may run, and
shows what a server that does not answer wrote to its standard error. Exit code 1
when something is wrong.

Examples:
  kosmo mcp:doctor
  kosmo mcp:doctor memory
`,
    );
}

async function run({ args: [name], command }: Invocation): Promise<number> {
  const { json } = command.opts<{ json?: true }>();
  const runtime = new Runtime({ command: 'mcp:doctor' });
  try {
    const { servers, shadowed, faults } = runtime.mcp.configured;
    const wanted = name === undefined ? [...servers.values()] : [found(runtime, name)];
    const files = [
      ...faults.map(faulty),
      ...shadowed.map((server) => shadowedBy(server, servers.get(server.name))),
    ];
    const each = await Promise.all(wanted.map((server) => checkServer(runtime, server)));
    const checks = [...files, ...each.flat()];
    const failures = checks.filter(({ result }) => result === 'failed').length;
    if (json === true) await writeOut(`${stringifyJson({ success: failures === 0, checks })}\n`);
    else if (checks.length === 0) await writeOut('No MCP server is configured. kosmo mcp:add adds one.\n');
    else await writeOut(rendered(checks));
    return failures === 0 ? 0 : 1;
  } finally {
    await runtime.release();
  }
}

function found({ mcp }: Runtime, name: string): ServerConfig {
  const server = mcp.find(name);
  if ('code' in server) throw KosmoError.of(server);
  return server;
}

/** What to do about a server that is not reached, other than to run the doctor. */
function fixOf(error: Failure | null, launch: Launch): string | null {
  if (error?.code !== 'network_error') return error?.hint ?? null;
  return launch.kind === 'http' ? 'Check its URL, and that it is running.' : null;
}

function faulty({ message, hint }: { message: string; hint: string }): Check {
  return { server: null, check: 'configuration', result: 'failed', message, fix: hint };
}

function shadowedBy({ name, file }: ServerConfig, first: ServerConfig | undefined): Check {
  const message = `${name} of ${file} is not used: ${first?.file ?? ''} has a server of that name, and goes before it.`;
  return {
    server: name,
    check: 'configuration',
    result: 'warning',
    message,
    fix: 'Give one of them another name.',
  };
}

async function checkServer({ mcp }: Runtime, server: ServerConfig): Promise<Check[]> {
  const { name, launch } = server;
  const check = (
    which: Check['check'],
    result: Check['result'],
    message: string,
    fix: string | null = null,
  ): Check => ({ server: name, check: which, result, message, fix });
  const standing = mcp.trust.standing(server);
  const checks = [check('configuration', 'ok', `${describeLaunch(launch)} (${server.file})`)];
  if (standing === 'disabled')
    return [...checks, check('trust', 'skipped', 'It is disabled.', `kosmo mcp:enable ${name}`)];
  if (standing !== 'trusted') {
    const what = standing === 'changed' ? 'It has changed since it was trusted.' : 'It is not trusted.';
    return [...checks, check('trust', 'warning', what, `kosmo mcp:trust ${name}`)];
  }
  const missing = launch.kind === 'stdio' && !launch.command.includes('${') && !isProgram(launch.command);
  if (missing)
    return [
      ...checks,
      check(
        'program',
        'failed',
        `There is no program ${launch.command}.`,
        'Install it, or give its whole path.',
      ),
    ];
  const status = await reachServer(mcp, name);
  const { error, server: reached, protocol, tools, duration_ms } = status;
  if (status.state === 'unreachable') {
    const stderr = await errorsOf(mcp, name);
    const failed = check('reachable', 'failed', error?.message ?? '', fixOf(error, launch));
    return [...checks, stderr === '' ? failed : { ...failed, stderr }];
  }
  const about = `${reached?.name ?? ''} ${reached?.version ?? ''}, protocol ${protocol ?? ''}`;
  checks.push(check('reachable', 'ok', `${about}, in ${duration_ms ?? 0} ms`));
  if (error === null) checks.push(check('tools', 'ok', `It has ${tools ?? 0}.`));
  else checks.push(check('tools', 'failed', error.message, error.hint));
  const log = mcp.logs.read(name);
  if (log !== null) {
    const [ended = '', ...lines] = log.split('\n');
    checks.push({
      ...check('last_end', 'warning', `Once it ended by itself: ${ended}`),
      stderr: lines.join('\n'),
    });
  }
  return checks;
}

async function errorsOf(mcp: Runtime['mcp'], name: string): Promise<string> {
  const connection = await mcp.connection(name);
  return 'code' in connection ? '' : connection.errors;
}

function isProgram(command: string): boolean {
  const places = command.includes('/') ? [''] : (process.env['PATH'] ?? '').split(delimiter);
  // Windows finds a program by what its name may end in.
  if (process.platform === 'win32') return true;
  return places.some((place) => {
    try {
      accessSync(place === '' ? command : join(place, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const marks: Readonly<Record<Check['result'], string>> = {
  ok: 'ok',
  warning: 'warn',
  failed: 'FAIL',
  skipped: '-',
};

function rendered(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ check }) => check.length));
  const indent = ' '.repeat(width + 10);
  let place: string | null = '';
  return checks
    .flatMap(({ server, check, result, message, fix, stderr = '' }) => {
      const heading = server === place ? [] : [server ?? 'files'];
      place = server;
      return [
        ...heading,
        `  ${marks[result].padEnd(4)}  ${check.padEnd(width)}  ${plainText(message, false)}`,
        ...stderr
          .trimEnd()
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => `${indent}| ${plainText(line, false)}`),
        ...(fix === null ? [] : [`${indent}→ ${plainText(fix, false)}`]),
      ];
    })
    .map((line) => `${line}\n`)
    .join('');
}
