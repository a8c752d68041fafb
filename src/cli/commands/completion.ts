import { Argument, Command, Option } from 'commander';
import { KosmoError } from '../../support/errors.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { completionScripts, type Shell } from '../completion/scripts.ts';
import { writeOut } from '../output.ts';

/** `completion`: what completes kosmo's commands in a shell. */
export const completion: CommandDefinition = { define, run };

const shells = Object.keys(completionScripts);

function define(): Command {
  return new Command('kosmo completion')
    .summary('prints what completes kosmo in a shell')
    .description('Prints what completes commands, integrations, functions and flags in a shell.')
    .addArgument(new Argument('[shell]', shells.join(', ')))
    .allowExcessArguments()
    .addOption(new Option('--complete', 'print what the last word may become').hideHelp())
    .addHelpText(
      'after',
      `
Examples:
  source <(kosmo completion bash)      in ~/.bashrc
  source <(kosmo completion zsh)       in ~/.zshrc, after compinit
  kosmo completion fish > ~/.config/fish/completions/kosmo.fish
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  if (command.opts<{ complete?: true }>().complete === true) {
    const { candidates } = await import('../completion/candidates.ts');
    const found = await candidates(args);
    if (found.length > 0) await writeOut(`${found.join('\n')}\n`);
    return 0;
  }
  const [shell = ''] = args;
  if (args.length > 1 || !isShell(shell)) {
    throw new KosmoError('usage', `kosmo completion takes the name of a shell: ${shells.join(', ')}.`, {
      hint: 'For example source <(kosmo completion bash).',
    });
  }
  await writeOut(completionScripts[shell]);
  return 0;
}

function isShell(text: string): text is Shell {
  return Object.hasOwn(completionScripts, text);
}
