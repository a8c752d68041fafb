import { Command } from 'commander';
import type { Synced } from '../../install/index.ts';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { confirm } from '../confirm.ts';
import { integrationName } from '../install/name.ts';
import { writeOut } from '../output.ts';

interface Options {
  readonly from?: string;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** `integrations:sync`: takes an API's newer document, and says what is different. */
export const integrationsSync: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo integrations:sync')
    .summary('takes the newer document of an integration, and shows what changed')
    .argument('<name>', 'the integration')
    .option('--from <file|url>', 'get it from there: a file, a URL, or npm:PACKAGE#FILE')
    .option('--dry-run', 'show what would change, and install nothing')
    .option('--yes', 'take it, even if it is smaller by more than a tenth')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
The document in use stays until the new one has compiled, and for kosmo integrations:rollback after that.

Examples:
  kosmo integrations:sync workos
  kosmo integrations:sync petstore --from petstore-next.yaml --dry-run
`,
    );
}

async function run({ args: [written = ''], command }: Invocation): Promise<number> {
  const options = command.opts<Options>();
  const name = integrationName(written);
  const installer = await new Runtime({ command: 'integrations:sync' }).installer();
  const synced = await installer.compare(name, options.from ?? null);
  const { prepared } = synced;
  // A person decides by what has changed, so that is shown first.
  if (options.json !== true) await writeOut(await changesText(synced));
  const installed = prepared !== null && options.dryRun !== true;
  if (installed) {
    await agree(synced, options);
    await installer.install(prepared);
  }
  if (options.json === true) {
    const { reportJson } = await import('../install/report.ts');
    const { changes, shrunk } = synced;
    const source = prepared?.edition.record ?? null;
    await writeOut(
      `${stringifyJson({
        name,
        unchanged: prepared === null,
        installed,
        source: source?.spec ?? null,
        version: source?.version ?? null,
        sha256: source?.sha256 ?? null,
        shrunk,
        changes,
        ...(prepared === null ? {} : { report: reportJson(prepared) }),
      })}\n`,
    );
  } else if (prepared !== null) {
    await writeOut(
      installed
        ? `It is in use now. kosmo integrations:rollback ${name} takes the former one back.\n`
        : 'Nothing was installed.\n',
    );
  }
  return 0;
}

/** What is different, for people. */
async function changesText({ name, changes, prepared }: Synced): Promise<string> {
  if (prepared === null) return `${name} is up to date.\n`;
  const { changeLines } = await import('../install/changes.ts');
  const { shortcomingLines } = await import('../install/report.ts');
  const compared =
    changes === null
      ? `${name}: ${prepared.edition.report.operations} functions; the former document cannot be compared.\n`
      : changeLines(name, changes);
  return compared + shortcomingLines(prepared);
}

/** @throws KosmoError `document_shrunk` unless somebody says that a smaller document may take the place of the one in use */
async function agree({ name, shrunk }: Synced, { yes }: Options): Promise<void> {
  if (shrunk === null || yes === true) return;
  const agreed = await confirm(`The newer document of ${name} is much smaller: ${shrunk}. Take it?`);
  if (agreed === true) return;
  throw new KosmoError(
    'document_shrunk',
    `The newer document of ${name} is much smaller: ${shrunk}. Nothing was installed.`,
    { hint: `kosmo integrations:sync ${name} --dry-run shows what it leaves out; --yes takes it.` },
  );
}
