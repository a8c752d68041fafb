import { Command } from 'commander';
import { describeAccounts } from '../../accounts/configuring.ts';
import { Runtime } from '../../runtime/index.ts';
import { exitCodeOf } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { installedIntegration } from '../installed.ts';
import { writeOut } from '../output.ts';
import { renderAccount } from '../render-account.ts';

/** What is configured, and where each value comes from. */
export const integrationsStatus: CommandDefinition = { define: statusCommand, run: status };

async function status({ args, command }: Invocation): Promise<number> {
  const { catalog, state } = new Runtime();
  const names = args[0] === undefined ? catalog.names() : [installedIntegration(catalog, args[0]).name];
  const about = await describeAccounts(state, catalog, process.env, names);
  if (command.opts<{ json?: true }>().json === true) {
    await writeOut(`${stringifyJson(about)}\n`);
  } else {
    const blocks = about.integrations.map(({ name, enabled, accounts }) => {
      const shown = accounts.map((account) => renderAccount(name, account)).join('\n');
      return enabled ? shown : `${name} is disabled; kosmo integrations:configure ${name} --enable\n${shown}`;
    });
    await writeOut(blocks.join('\n'));
  }
  const problems = about.integrations.flatMap(({ accounts }) =>
    accounts.flatMap(({ problem }) => problem ?? []),
  );
  const [first] = problems;
  return first === undefined ? 0 : exitCodeOf({ ...first, details: {} });
}

function statusCommand(): Command {
  return new Command('kosmo integrations:status')
    .summary('shows the accounts, where each value comes from, and their policies')
    .argument('[integration]', 'only this one')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
No secret is shown, and none is opened. integrations:doctor tries them.

Example:
  kosmo integrations:status workos
`,
    );
}
