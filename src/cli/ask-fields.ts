import input from '@inquirer/input';
import password from '@inquirer/password';
import type { AccountChange, AccountState, NewValue } from '../accounts/configuring.ts';
import { checkValue } from '../accounts/configuring.ts';
import type { Integration } from '../catalog/index.ts';
import type { AccountField } from '../manifest/index.ts';
import { failureOf, KosmoError } from '../support/errors.ts';

/**
 * Asks a person on the terminal for an account's fields, one after the other; what is left empty stays as it is.
 * Secrets are not shown while they are typed.
 */
export async function askForFields(integration: Integration, account: AccountState): Promise<AccountChange> {
  const values = new Map<string, NewValue>();
  process.stderr.write(
    `${integration.reader.index.title}, account ${account.name}. Enter leaves a field as it is.\n`,
  );
  for (const field of integration.reader.index.fields) {
    const answer = await ask(field, account.fields.find(({ name }) => name === field.name)?.origin ?? null);
    if (answer !== '') values.set(field.name, { kind: 'value', value: answer });
  }
  return { values, effects: {}, rules: new Map() };
}

async function ask(field: AccountField, origin: string | null): Promise<string> {
  const state =
    origin === null ? (field.required ? 'required' : 'optional') : origin === 'default' ? 'optional' : 'set';
  const question = {
    message: `${field.title} (${field.name}, ${state}):`,
    validate: (value: string) => value === '' || fault(field, value) || true,
  };
  const context = { output: process.stderr };
  try {
    return field.secret
      ? await password({ ...question, mask: '*' }, context)
      : await input(question, context);
  } catch (error) {
    // Ctrl-C, or the end of the input.
    throw new KosmoError('interrupted', 'Nothing was changed.', { cause: error });
  }
}

/** What is wrong with an answer, or nothing. */
function fault(field: AccountField, value: string): string {
  try {
    checkValue(field, value);
    return '';
  } catch (error) {
    return failureOf(error).message;
  }
}
