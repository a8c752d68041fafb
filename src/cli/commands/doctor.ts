import { Command } from 'commander';
import { describeAccounts, type Repair, repair } from '../../accounts/configuring.ts';
import { Runtime } from '../../runtime/index.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { checkAccount } from '../doctor/account.ts';
import { type Check, checksOf } from '../doctor/check.ts';
import { checkHome } from '../doctor/home.ts';
import { installedIntegration } from '../installed.ts';
import { writeOut } from '../output.ts';

interface Options {
  readonly account?: string;
  readonly repair?: true;
  readonly json?: true;
}

/** Tries everything that a call needs, and says how to mend what is wrong. */
export const integrationsDoctor: CommandDefinition = { define: doctorCommand, run: doctor };

async function doctor({ args, command }: Invocation): Promise<number> {
  const { account, repair: repairing, json } = command.opts<Options>();
  const runtime = new Runtime();
  try {
    const only = args[0] === undefined ? null : installedIntegration(runtime.catalog, args[0]).name;
    const repairs = repairing === true ? await repair(runtime.state, new Date()) : [];
    const checks = await checkHome(runtime.state);
    for (const name of only === null ? runtime.catalog.names() : [only]) {
      checks.push(...(await checkIntegration(runtime, name, account ?? null, only !== null)));
    }
    const failures = checks.filter(({ result }) => result === 'failed').length;
    if (json === true) {
      await writeOut(`${stringifyJson({ success: failures === 0, repairs, checks })}\n`);
    } else {
      await writeOut(rendered(repairs, checks));
    }
    return failures === 0 ? 0 : 1;
  } finally {
    await runtime.release();
  }
}

/** @param asked whether somebody asked for this one: then an account that is not configured is a fault */
async function checkIntegration(
  runtime: Runtime,
  name: string,
  account: string | null,
  asked: boolean,
): Promise<Check[]> {
  const integration = runtime.catalog.get(name);
  if (integration === undefined) return [];
  const { source, operations } = integration.reader.index;
  const checks = checksOf(integration.name, null);
  const document = checks.ok(
    'document',
    `${source.location} ${source.version}, ${operations.length} functions`,
  );
  const { integrations } = await describeAccounts(runtime.state, runtime.catalog, process.env, [name]);
  const [about] = integrations;
  const enabled =
    about?.enabled === false
      ? [checks.failed('enabled', 'It is disabled.', `kosmo integrations:configure ${name} --enable`)]
      : [];
  if (enabled.length > 0) return [document, ...enabled];
  const remote = (about?.accounts ?? []).filter(({ local }) => !local);
  const configured = remote.filter((entry) => entry.configured || entry.problem !== null);
  const wanted =
    account !== null
      ? [account]
      : (configured.length > 0 || !asked ? configured : remote).map((entry) => entry.name);
  const found: Check[] = [document];
  if (wanted.length === 0)
    found.push(checks.skipped('account', `None is configured. kosmo integrations:configure ${name}`));
  for (const entry of wanted) found.push(...(await checkAccount(runtime, integration, entry)));
  return found;
}

const marks: Readonly<Record<Check['result'], string>> = {
  ok: 'ok',
  warning: 'warn',
  failed: 'FAIL',
  skipped: '-',
};

function rendered(repairs: readonly Repair[], checks: readonly Check[]): string {
  const lines = repairs.map(
    ({ file, aside, changed }) =>
      `${file} was damaged and is now ${aside}.\n${changed.map((line) => `  ${line}\n`).join('')}`,
  );
  const width = Math.max(...checks.map(({ check }) => check.length));
  let place = '';
  for (const { integration, account, check, result, message, fix } of checks) {
    const here = [integration ?? 'kosmo', account].filter(Boolean).join(', account ');
    if (here !== place) lines.push(`${here}\n`);
    place = here;
    lines.push(`  ${marks[result].padEnd(4)}  ${check.padEnd(width)}  ${message}\n`);
    if (fix !== null) lines.push(`        ${' '.repeat(width)}  → ${fix}\n`);
  }
  return lines.join('');
}

function doctorCommand(): Command {
  return new Command('kosmo integrations:doctor')
    .summary('tries everything that a call needs, and says how to mend what is wrong')
    .argument('[integration]', 'only this one')
    .option('--account <name>', 'only this account')
    .option('--repair', 'put damaged files aside, and keep what can be read of them')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
It opens credentials, asks each API for its root, and reads one short list with
each account. It changes nothing there. Exit code 1 when something is wrong.

Examples:
  kosmo integrations:doctor
  kosmo integrations:doctor workos --account work --json
`,
    );
}
