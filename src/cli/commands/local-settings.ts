import type { Command } from 'commander';
import { KosmoError } from '../../support/errors.ts';
import type { SignInSettings } from '../../workos-local/control/sign-in-settings.ts';
import { act, atMost } from '../actions.ts';
import { columns } from '../columns.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import {
  answer,
  type LocalOptions,
  localCommand,
  withEnvironment,
  withLocalEnvironment,
} from '../local/local-command.ts';

/** `local:settings`: how users of an environment sign in, which WorkOS has in its dashboard. */
export const localSettings: CommandDefinition = { define, run };

function define(): Command {
  return withEnvironment(
    localCommand('local:settings', 'shows and changes how users sign in, as WorkOS’s dashboard does'),
  )
    .argument('<action>', 'show, set or reset')
    .argument('[settings...]', 'name=value, for set')
    .addHelpText(
      'after',
      `
  kosmo local:settings show
  kosmo local:settings set password=off magic-auth=on sso=on social=off
  kosmo local:settings set sign-up=off                       by invitation alone
  kosmo local:settings set mfa=required                      or optional, or off
  kosmo local:settings set session-length=12h access-token-length=5m inactivity-timeout=1h
  kosmo local:settings set directory-provisioning=on         people of directories become members
  kosmo local:settings reset

They count from the next request on, also of a server that runs.
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  const options = command.opts<LocalOptions>();
  const control = await import('../../workos-local/control/sign-in-settings.ts');
  const show = (settings: SignInSettings) =>
    answer(
      options,
      settings,
      columns(
        Object.entries<SignInSettings[keyof SignInSettings]>({ ...settings }).map(([name, value]) => [
          name.replaceAll('_', '-'),
          shown(value),
        ]),
      ),
    );
  return act(
    {
      show: (more) =>
        withLocalEnvironment(options, (host, environment) => {
          atMost(more, 0);
          return show(control.readSettings(host, environment));
        }),
      set: (given) =>
        withLocalEnvironment(options, (host, environment) =>
          show(control.changeSettings(host, environment, assignments(given))),
        ),
      reset: (more) =>
        withLocalEnvironment(options, (host, environment) => {
          atMost(more, 0);
          return show(control.resetSettings(host, environment));
        }),
    },
    args,
    command,
  );
}

function assignments(given: readonly string[]): Record<string, string> {
  if (given.length === 0) throw new KosmoError('usage', 'It takes settings: password=off mfa=required.');
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new KosmoError('usage', `${text} is no setting: write name=value.`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

function shown(value: boolean | number | string | null): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (value === null) return 'off';
  return typeof value === 'number' ? `${value} s` : value;
}
