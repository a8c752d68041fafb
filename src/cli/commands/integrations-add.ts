import { Command } from 'commander';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { integrationName } from '../install/name.ts';
import { writeOut } from '../output.ts';

interface Options {
  readonly spec?: string;
  readonly overlay?: readonly string[];
  readonly baseUrl?: string;
  readonly remoteRefs?: readonly string[] | true;
  readonly dryRun?: true;
  readonly json?: true;
}

/** `integrations:add`: makes an API callable by its OpenAPI document. */
export const integrationsAdd: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo integrations:add')
    .summary('adds an API by its OpenAPI document')
    .argument('<name>', 'what programs call it: app.integrations.NAME')
    .option('--spec <file|url>', 'the document: a file, a URL, or npm:PACKAGE#FILE; a preset needs none')
    .option('--overlay <file>', 'an OpenAPI Overlay that adds to it; may be given several times', collect)
    .option('--base-url <url>', 'where calls go, in place of the document’s own server')
    .option(
      '--remote-refs [hosts...]',
      'read parts of the document from other URLs: of its own host, or of those named',
    )
    .option('--dry-run', 'compile and report, and install nothing')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
It takes OpenAPI 3.0, 3.1 and 3.2, in YAML or JSON. A document with faults is not installed; each fault is shown with
its place. kosmo integrations:presets lists documents that need no --spec.

Examples:
  kosmo integrations:add petstore --spec petstore.yaml
  kosmo integrations:add billing --spec https://billing.example.com/openapi.json --overlay billing-overlay.yaml
  kosmo integrations:add github
`,
    );
}

function collect(file: string, before: readonly string[] = []): string[] {
  return [...before, file];
}

async function run({ args: [written = ''], command }: Invocation): Promise<number> {
  const options = command.opts<Options>();
  const name = integrationName(written);
  const runtime = new Runtime({ command: 'integrations:add' });
  const installer = await runtime.installer();
  if (installer.isAdded(name) || installer.isInBox(name)) {
    throw new KosmoError('usage', `${name} is installed already.`, {
      hint: `kosmo integrations:sync ${name} follows its document; kosmo integrations:remove ${name} takes it away.`,
    });
  }
  const { hostsOf, presetOf } = await import('../../install/index.ts');
  const preset = options.spec === undefined ? presetOf(name) : undefined;
  const spec = options.spec ?? preset?.spec;
  if (spec === undefined) {
    throw new KosmoError('usage', `There is no preset ${name}, so it takes --spec.`, {
      hint: 'Give the path or URL of its OpenAPI document; kosmo integrations:presets lists the presets.',
    });
  }
  const { baseUrl } = options;
  if (baseUrl !== undefined && !/^https?:\/\/./.test(baseUrl))
    throw new KosmoError('usage', `${baseUrl} is no http or https URL.`);
  const prepared = await installer.prepare(name, {
    spec,
    overlays: options.overlay ?? [],
    preset: preset?.name ?? null,
    baseUrl: baseUrl?.replace(/\/+$/, '') ?? null,
    hosts: hostsOf(spec, options.remoteRefs),
  });
  if (options.dryRun !== true) await installer.install(prepared);
  const { preparedJson, reportLines } = await import('../install/report.ts');
  if (options.json === true) {
    await writeOut(`${stringifyJson({ ...preparedJson(prepared), installed: options.dryRun !== true })}\n`);
    return 0;
  }
  const { manifest } = prepared.edition;
  const verb = options.dryRun === true ? 'Would add' : 'Added';
  const needed = manifest.fields.filter(({ required }) => required);
  const offered = needed.length > 0 ? needed : manifest.fields.filter(({ secret }) => secret).slice(0, 1);
  const sets = offered.map((field) => ` --set ${field.name}=…`).join('');
  const first = manifest.operations.find(
    ({ effect, parameters, body }) =>
      effect === 'read' && body?.required !== true && parameters.every(({ required }) => !required),
  );
  const next = [
    ...(sets === '' ? [] : [`  kosmo integrations:configure ${name}${sets}`]),
    ...(first === undefined ? [] : [`  kosmo integrations:${name} ${first.luaName}`]),
    `  kosmo integrations:search "…" --in ${name}`,
  ];
  await writeOut(
    `${verb} ${name}: ${manifest.title}\n\n${reportLines(prepared)}\nNext:\n${next.join('\n')}\n`,
  );
  return 0;
}
