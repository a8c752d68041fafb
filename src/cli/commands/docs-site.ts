import { resolve } from 'node:path';
import { Command } from 'commander';
import { Runtime } from '../../runtime/index.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';

interface Options {
  readonly out: string;
  readonly json?: true;
}

/** `docs:site`: writes the documentation as files. */
export const docsSite: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo docs:site')
    .summary('writes the documentation as a site that needs no server')
    .description(
      'Writes the documentation of all that is installed as a site: open its index.html, or put the folder on any web server.',
    )
    .requiredOption('--out <folder>', 'where to write it: an empty folder, or one written before')
    .option('--json', 'print one JSON object: folder, pages, files, bytes')
    .addHelpText(
      'after',
      `
Beside each page lies its markdown, and llms.txt lists it all for language models.

Example:
  kosmo docs:site --out site
`,
    );
}

async function run({ command }: Invocation): Promise<number> {
  const { out, json } = command.opts<Options>();
  const folder = resolve(out);
  const { openSite } = await import('../documentation/open-site.ts');
  const { writeSite } = await import('../../site/index.ts');
  const written = await writeSite(await openSite(new Runtime({ command: 'docs:site' })), folder);
  const { pages, files, bytes } = written;
  await writeOut(
    json === true
      ? `${stringifyJson({ folder, pages, files, bytes })}\n`
      : `Wrote ${pages} pages (${(bytes / 1024 / 1024).toFixed(1)} MB) to ${folder}\nOpen ${resolve(folder, 'index.html')}\n`,
  );
  return 0;
}
