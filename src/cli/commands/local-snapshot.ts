import type { Command } from 'commander';
import { act, atMost, required } from '../actions.ts';
import { columns } from '../columns.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { answer, type LocalOptions, localCommand, withLocal } from '../local/local-command.ts';

/** `local:snapshot`: the whole state under a name, to come back to. */
export const localSnapshot: CommandDefinition = { define, run };

function define(): Command {
  return localCommand(
    'local:snapshot',
    'saves the whole state of the local server under a name, and restores it',
  )
    .argument('<action>', 'save, restore, list or delete')
    .argument('[name]', 'the name of the snapshot')
    .addHelpText(
      'after',
      `
Examples:
  kosmo local:snapshot save before-migration
  kosmo local:snapshot restore before-migration

A server that runs goes on with the restored state. Snapshots are files beside the database.
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  const options = command.opts<LocalOptions>();
  const control = await import('../../workos-local/control/snapshots.ts');
  const nameOf = (given: readonly string[]) => {
    atMost(given, 1);
    return required(given, 0, 'the name of a snapshot');
  };
  return act(
    {
      save: (given) =>
        withLocal(options, (host) => {
          const saved = control.saveSnapshot(host, nameOf(given));
          return answer(options, saved, `Saved ${saved.name} (${Math.ceil(saved.bytes / 1024)} KiB).\n`);
        }),
      restore: (given) =>
        withLocal(options, (host) => {
          const restored = control.restoreSnapshot(host, nameOf(given));
          return answer(options, restored, `Restored ${restored.name} of ${restored.saved_at}.\n`);
        }),
      list: (more) =>
        withLocal(options, (host) => {
          atMost(more, 0);
          const snapshots = control.listSnapshots(host);
          const rows = snapshots.map(({ name, saved_at, bytes }) => [
            name,
            saved_at,
            `${Math.ceil(bytes / 1024)} KiB`,
          ]);
          return answer(
            options,
            { snapshots },
            rows.length === 0 ? 'There are no snapshots.\n' : columns(rows),
          );
        }),
      delete: (given) =>
        withLocal(options, (host) => {
          const name = nameOf(given);
          control.deleteSnapshot(host, name);
          return answer(options, { deleted: name }, `Deleted ${name}.\n`);
        }),
    },
    args,
    command,
  );
}
