import { resolve } from 'node:path';
import { Command } from 'commander';
import { Runtime } from '../../runtime/index.ts';
import type { WrittenSite } from '../../site/index.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { serversHelp } from '../documentation/server-tools.ts';
import { writeOut } from '../output.ts';

interface Options {
  readonly out: string;
  readonly servers?: string;
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
    .option('--servers <names>', serversHelp)
    .option('--json', 'print one JSON object: folder, pages, files, bytes')
    .addHelpText(
      'after',
      `
Beside each page lies its markdown, and llms.txt lists it all for language models.

Examples:
  kosmo docs:site --out site
  kosmo docs:site --out site --servers all
`,
    );
}

async function run({ command }: Invocation): Promise<number> {
  const { out, json, servers } = command.opts<Options>();
  const folder = resolve(out);
  const runtime = new Runtime({ command: 'docs:site' });
  const { pages, files, bytes } = await write(runtime, folder, servers);
  await writeOut(
    json === true
      ? `${stringifyJson({ folder, pages, files, bytes })}\n`
      : `Wrote ${pages} pages (${(bytes / 1024 / 1024).toFixed(1)} MB) to ${folder}\nOpen ${resolve(folder, 'index.html')}\n`,
  );
  return 0;
}

async function write(runtime: Runtime, folder: string, servers: string | undefined): Promise<WrittenSite> {
  const { openSite } = await import('../documentation/open-site.ts');
  const { writeSite } = await import('../../site/index.ts');
  try {
    return await writeSite(await openSite(runtime, undefined, servers), folder);
  } finally {
    // Servers were started for their tools.
    await runtime.release();
  }
}
