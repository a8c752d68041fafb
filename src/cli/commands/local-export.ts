import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { KosmoError, systemErrorCode } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import { atMost } from '../actions.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { answer, type LocalOptions, localCommand, withLocal } from '../local/local-command.ts';
import { writeOut } from '../output.ts';

/** `local:export`: the whole state as JSON. */
export const localExport: CommandDefinition = { define, run };

function define(): Command {
  return localCommand(
    'local:export',
    'writes the whole state of the local server as JSON, which local:seed takes back',
  )
    .argument('[file]', 'the file to write (stdout)')
    .addHelpText(
      'after',
      `
It holds everything the server keeps: password hashes, tokens and signing keys, too.

  kosmo local:export state.json
  kosmo local:seed state.json --db other.db
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  const options = command.opts<LocalOptions>();
  const [file, ...more] = args;
  atMost(more, 0);
  const { exportState } = await import('../../workos-local/control/export.ts');
  return withLocal(options, async (host) => {
    const text = `${stringifyJson(exportState(host), 1)}\n`;
    if (file === undefined) {
      await writeOut(text);
      return 0;
    }
    write(file, text);
    return answer(options, { file, bytes: Buffer.byteLength(text) }, `Wrote ${file}.\n`);
  });
}

/** Open to nobody else: it holds secrets. */
function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600 });
  } catch (error) {
    throw new KosmoError(
      'input_unreadable',
      `${file} cannot be written (${systemErrorCode(error) ?? 'unknown reason'}).`,
      {
        details: { file },
        cause: error,
      },
    );
  }
}
