import { Command, Option } from 'commander';
import {
  changeAccount,
  checkAccountName,
  describeAccount,
  removeAccount,
} from '../../accounts/configuring.ts';
import { defaultAccountName } from '../../accounts/index.ts';
import { Runtime } from '../../runtime/index.ts';
import { exitCodeOf, KosmoError } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import { type ChangeOptions, changeOf, isEmptyChange } from '../account-change.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { installedIntegration } from '../installed.ts';
import { writeOut } from '../output.ts';
import { renderAccount } from '../render-account.ts';
import { canAsk } from '../terminal.ts';

interface Options extends ChangeOptions {
  readonly account?: string;
  readonly remove?: true;
  readonly json?: true;
}

/** Credentials, settings and policy of an account. */
export const integrationsConfigure: CommandDefinition = { define: configureCommand, run: configure };

async function configure({ args, command }: Invocation): Promise<number> {
  const options = command.opts<Options>();
  const { catalog, state } = new Runtime();
  const integration = installedIntegration(catalog, args[0] ?? '');
  const name = options.account ?? defaultAccountName;
  const removing = options.remove === true;
  // An account that got its name before that name was a function's can still be removed.
  if (!removing) checkAccountName(integration, name, state.accounts.localNames(integration.name));
  const change = await changeOf(integration, options);
  if (removing) {
    if (!isEmptyChange(change)) throw new KosmoError('usage', '--remove goes with no other change.');
    if (!(await removeAccount(state, integration, name))) {
      throw new KosmoError('unknown_account', `${integration.name} has no configured account ${name}.`, {
        hint: `kosmo integrations:status ${integration.name} lists what there is.`,
      });
    }
  } else if (!isEmptyChange(change)) {
    await changeAccount(state, integration, name, change);
  } else {
    if (options.json === true || !canAsk()) {
      throw new KosmoError('usage', 'There is nothing to change.', {
        hint: 'Run it on a terminal to be asked, or give --set, --stdin-json or a policy. --help shows examples.',
      });
    }
    const { askForFields } = await import('../ask-fields.ts');
    const about = await describeAccount(state, integration, process.env, name);
    await changeAccount(state, integration, name, await askForFields(integration, about));
  }
  const about = await describeAccount(state, integration, process.env, name);
  if (options.json === true) {
    await writeOut(
      `${stringifyJson({ integration: integration.name, removed: removing, account: about })}\n`,
    );
  } else if (removing) {
    await writeOut(`The account ${name} of ${integration.name} is removed.\n`);
  } else {
    await writeOut(renderAccount(integration.name, about));
  }
  return about.problem === null ? 0 : exitCodeOf({ ...about.problem, details: {} });
}

function configureCommand(): Command {
  const verdicts = ['allow', 'ask', 'deny', 'default'];
  return new Command('kosmo integrations:configure')
    .summary('sets credentials, settings and policy of an account; asks for them on a terminal')
    .argument('<integration>', 'its name, as integrations:list shows it')
    .option('--account <name>', 'the account (default)')
    .option('--set <field=value>', 'a field’s value; others can see it in the list of processes', collect)
    .option(
      '--set-command <field=command>',
      'a command that prints the value, run when it is needed',
      collect,
    )
    .option('--stdin-json', 'read fields from stdin: {"api_key": "…"}; null takes one out')
    .option('--unset <field>', 'take a field’s value out', collect)
    .addOption(new Option('--read <verdict>', 'calls that only read').choices(verdicts))
    .addOption(new Option('--write <verdict>', 'calls that create or change').choices(verdicts))
    .addOption(new Option('--destructive <verdict>', 'calls that delete').choices(verdicts))
    .option('--allow <pattern>', 'functions that need no approval: list_*, create_user', collect)
    .option('--ask <pattern>', 'functions that need approval', collect)
    .option('--deny <pattern>', 'functions that are never called', collect)
    .option('--forget <pattern>', 'take back what --allow, --ask or --deny said', collect)
    .addOption(
      new Option('--force <yes|no>', 'whether a run’s --force and --allow count').choices(['yes', 'no']),
    )
    .option('--enable', 'enable the integration')
    .option('--disable', 'disable the integration: no account of it can be used')
    .option('--remove', 'remove the account, its credentials and its policy')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
A value given with --set is in your shell's history and, while the command runs,
in the list of processes: be asked for it, or use --stdin-json or --set-command.

Examples:
  kosmo integrations:configure workos
  kosmo integrations:configure workos --account work --stdin-json < secrets.json
  kosmo integrations:configure workos --set-command api_key='op read op://dev/workos/key'
  kosmo integrations:configure workos --write=allow --deny 'delete_*'
`,
    );
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
