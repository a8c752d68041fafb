import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { KosmoError, systemErrorCode } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';

/** `docs:schemas`: JSON Schemas of the files that people write. */
export const docsSchemas: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo docs:schemas')
    .summary('writes JSON Schemas of the settings and of MCP server files')
    .description(
      'Writes JSON Schemas by which an editor completes and checks settings.json and mcp.json: "$schema": "…/settings.schema.json" in the file names one.',
    )
    .option('--out <folder>', 'where to', 'kosmo-schemas')
    .option('--json', 'print one JSON object: files')
    .addHelpText(
      'after',
      `
Example:
  kosmo docs:schemas --out .schemas
`,
    );
}

async function run({ command }: Invocation): Promise<number> {
  const { out, json } = command.opts<{ out: string; json?: true }>();
  const { settingsSchema } = await import('../../accounts/settings-schema.ts');
  const { mcpConfigSchema } = await import('../../mcp/config/config-schema.ts');
  const files = [
    { path: join(out, 'settings.schema.json'), schema: settingsSchema },
    { path: join(out, 'mcp.schema.json'), schema: mcpConfigSchema },
  ];
  try {
    mkdirSync(out, { recursive: true });
    for (const { path, schema } of files) writeFileSync(path, `${stringifyJson(schema, 2)}\n`);
  } catch (error) {
    const code = systemErrorCode(error);
    throw new KosmoError('usage', `${out} cannot be written to (${code ?? 'unknown reason'}).`);
  }
  const paths = files.map(({ path }) => path);
  await writeOut(json === true ? `${stringifyJson({ files: paths })}\n` : `${paths.join('\n')}\n`);
  return 0;
}
