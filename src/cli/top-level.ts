import { didYouMean, nearestNames } from '../catalog/index.ts';
import { version } from '../runtime/version.ts';
import { KosmoError } from '../support/errors.ts';
import { commands } from './commands.ts';

/** What is no command: `kosmo` alone, `--help`, `--version`, a mistyped name. Answers with the exit code. */
export async function runTopLevel(name: string | undefined, args: readonly string[]): Promise<number> {
  if (name === '--version' || name === '-V') {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (name === undefined || name === '--help' || name === '-h' || (name === 'help' && args.length === 0)) {
    process.stdout.write(overview());
    return 0;
  }
  const wanted = name === 'help' ? (args[0] ?? '') : name;
  const { Runtime } = await import('../runtime/index.ts');
  const shortForms = new Runtime().catalog.names().map((integration) => `integrations:${integration}`);
  const near = nearestNames(wanted, [...Object.keys(commands), ...shortForms]);
  throw new KosmoError('usage', `There is no command ${wanted}.${didYouMean(near)}`, {
    hint: 'kosmo --help lists the commands.',
  });
}

function overview(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `kosmo ${version}: short Lua programs against real APIs, under a policy

Usage: kosmo COMMAND [options]; kosmo COMMAND --help says more

${lines.join('\n')}

Begin here, with no account and no network:
  kosmo integrations:lua --local --eval 'dump(app.integrations.workos.list_organizations{})'
  kosmo integrations:lua --eval 'print(docs.read("overview"))'
`;
}
