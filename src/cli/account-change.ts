import { text } from 'node:stream/consumers';
import {
  type AccountChange,
  checkPattern,
  checkValue,
  fieldOf,
  type NewValue,
} from '../accounts/configuring.ts';
import type { Integration } from '../catalog/index.ts';
import type { Effect } from '../manifest/index.ts';
import type { Verdict } from '../policy/index.ts';
import { KosmoError } from '../support/errors.ts';
import { isJsonObject } from '../support/json.ts';

/** The options that say what is to change, as they were written. */
export interface ChangeOptions {
  readonly set?: readonly string[];
  readonly setCommand?: readonly string[];
  readonly unset?: readonly string[];
  readonly stdinJson?: true;
  readonly read?: Verdict | 'default';
  readonly write?: Verdict | 'default';
  readonly destructive?: Verdict | 'default';
  readonly allow?: readonly string[];
  readonly ask?: readonly string[];
  readonly deny?: readonly string[];
  readonly forget?: readonly string[];
  readonly force?: 'yes' | 'no';
  readonly enable?: true;
  readonly disable?: true;
}

/**
 * What options ask for.
 * @throws KosmoError `usage` for what cannot be done, or contradicts itself; the message shows no value
 */
export async function changeOf(integration: Integration, options: ChangeOptions): Promise<AccountChange> {
  if (options.enable === true && options.disable === true) {
    throw new KosmoError('usage', '--enable and --disable contradict each other.');
  }
  return {
    values: await valuesOf(integration, options),
    effects: effectsOf(options),
    rules: rulesOf(integration, options),
    ...(options.force === undefined ? {} : { force: options.force === 'yes' }),
    ...(options.enable === true ? { enabled: true } : options.disable === true ? { enabled: false } : {}),
  };
}

export function isEmptyChange({ values, effects, rules, force, enabled }: AccountChange): boolean {
  const none = values.size === 0 && Object.keys(effects).length === 0 && rules.size === 0;
  return none && force === undefined && enabled === undefined;
}

async function valuesOf(integration: Integration, options: ChangeOptions): Promise<Map<string, NewValue>> {
  const values = new Map<string, NewValue>();
  const put = (name: string, value: NewValue) => {
    const field = fieldOf(integration, name);
    if (values.has(field.name)) throw new KosmoError('usage', `${field.name} is given twice.`);
    if (value.kind === 'value') checkValue(field, value.value);
    values.set(field.name, value);
  };
  for (const given of options.set ?? []) {
    const [name, value] = pair(given, '--set');
    put(name, { kind: 'value', value });
  }
  for (const given of options.setCommand ?? []) {
    const [name, command] = pair(given, '--set-command');
    if (command.trim() === '') throw new KosmoError('usage', `${name}: the command is empty.`);
    put(name, { kind: 'command', command });
  }
  for (const name of options.unset ?? []) put(name, { kind: 'nothing' });
  if (options.stdinJson !== true) return values;
  for (const [name, value] of Object.entries(await stdinObject())) {
    if (value === null) put(name, { kind: 'nothing' });
    else if (typeof value === 'string') put(name, { kind: 'value', value });
    else throw new KosmoError('usage', `${name} on stdin: a string, or null to take it out, is expected.`);
  }
  return values;
}

function pair(given: string, option: string): [string, string] {
  const at = given.indexOf('=');
  // What stands there may be a secret whose name was left out.
  if (at < 1) throw new KosmoError('usage', `${option} takes a field and its value: ${option} api_key=…`);
  return [given.slice(0, at), given.slice(at + 1)];
}

async function stdinObject(): Promise<object> {
  const given = await text(process.stdin);
  const { brokenAt } = await import('../accounts/settings-text.ts');
  const broken = brokenAt(given);
  if (broken !== null) throw new KosmoError('usage', `The JSON on stdin is broken: stdin:${broken}.`);
  const value: unknown = JSON.parse(given);
  if (!isJsonObject(value)) {
    throw new KosmoError('usage', 'The JSON on stdin is no object of fields: {"api_key": "…"}.');
  }
  return value;
}

function effectsOf(options: ChangeOptions): AccountChange['effects'] {
  const effects: Partial<Record<Effect, Verdict | null>> = {};
  for (const effect of ['read', 'write', 'destructive'] as const) {
    const verdict = options[effect];
    if (verdict !== undefined) effects[effect] = verdict === 'default' ? null : verdict;
  }
  return effects;
}

function rulesOf(integration: Integration, options: ChangeOptions): Map<string, Verdict | null> {
  const rules = new Map<string, Verdict | null>();
  const put = (pattern: string, verdict: Verdict | null) => {
    if (rules.has(pattern)) throw new KosmoError('usage', `Two rules are given for ${pattern}.`);
    rules.set(pattern, verdict);
  };
  for (const verdict of ['allow', 'ask', 'deny'] as const) {
    for (const pattern of options[verdict] ?? []) put(checkPattern(integration, pattern), verdict);
  }
  // A rule is taken back as it was written, whatever it fits now.
  for (const pattern of options.forget ?? []) put(pattern, null);
  return rules;
}
