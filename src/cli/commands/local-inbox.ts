import type { Command } from 'commander';
import { stringifyJson } from '../../support/json.ts';
import type { Mail } from '../../workos-local/kit/inbox.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import {
  answer,
  type LocalOptions,
  localCommand,
  withEnvironment,
  withLocalEnvironment,
} from '../local/local-command.ts';
import { writeOut } from '../output.ts';

interface Options extends LocalOptions {
  readonly to?: string;
  readonly kind?: string;
  readonly watch?: true;
  readonly clear?: true;
}

/** `local:inbox`: what WorkOS would have sent by e-mail. */
export const localInbox: CommandDefinition = { define, run };

function define(): Command {
  return withEnvironment(localCommand('local:inbox', 'shows what WorkOS would have sent by e-mail'))
    .option('--to <address>', 'only what went to this address')
    .option('--kind <kind>', 'only this kind: invitation, magic_auth, email_verification, password_reset, …')
    .option('--watch', 'go on showing what comes, until Ctrl-C; with --json one object a line')
    .option('--clear', 'throw everything away')
    .addHelpText(
      'after',
      `
Examples:
  kosmo local:inbox --to ada@example.com
  kosmo local:inbox --json | jq -r '.mails[-1].code'
`,
    );
}

/** How often `--watch` looks, in milliseconds. */
const pause = 200;

async function run({ command }: Invocation): Promise<number> {
  const options = command.opts<Options>();
  const { readInbox, clearInbox } = await import('../../workos-local/control/inbox.ts');
  const query = {
    ...(options.to === undefined ? {} : { to: options.to }),
    ...(options.kind === undefined ? {} : { kind: options.kind }),
  };
  return withLocalEnvironment(options, async (host, environment) => {
    if (options.clear === true) {
      const cleared = clearInbox(host, environment);
      return answer(options, { cleared }, `Threw away ${cleared}.\n`);
    }
    const mails = readInbox(host, environment, query);
    if (options.watch !== true) {
      return answer(
        options,
        { mails },
        mails.length === 0 ? 'The inbox is empty.\n' : mails.map(shown).join('\n'),
      );
    }
    let stopped = false;
    process.once('SIGINT', () => {
      stopped = true;
    });
    process.once('SIGTERM', () => {
      stopped = true;
    });
    let after = mails.at(-1)?.id ?? '';
    const write = (mail: Mail) =>
      writeOut(options.json === true ? `${stringifyJson(mail)}\n` : `${shown(mail)}\n`);
    for (const mail of mails) await write(mail);
    while (!stopped) {
      for (const mail of readInbox(host, environment, { ...query, after })) {
        after = mail.id;
        await write(mail);
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    return 0;
  });
}

function shown({ created_at, recipient, subject, code, link }: Mail): string {
  const lines = [`${created_at}  ${recipient}  ${subject}`];
  if (code !== null) lines.push(`  code  ${code}`);
  if (link !== null) lines.push(`  link  ${link}`);
  return `${lines.join('\n')}\n`;
}
