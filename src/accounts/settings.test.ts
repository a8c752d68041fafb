import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../support/json.ts';
import { type IntegrationSettings, isFault, settingsOf } from './settings.ts';
import { brokenAt, describeFault, salvage, setEntry } from './settings-text.ts';

const account = (entry: JsonValue) => {
  const settings = settingsOf({ integrations: { workos: { accounts: { work: entry } } } });
  if (isFault(settings)) throw new Error('the whole file is at fault');
  const integration = settings.integrations.get('workos') as IntegrationSettings;
  const found = integration.accounts.get('work');
  if (found === undefined) throw new Error('the account is gone');
  return found;
};

describe('settings', () => {
  it('have defaults for all that is left out', () => {
    expect(settingsOf({})).toEqual({ force: true, integrations: new Map() });
    expect(account({})).toMatchObject({
      policy: { effects: { read: 'allow', write: 'ask', destructive: 'ask' }, rules: [], force: true },
    });
  });

  it.each([
    [{ polcy: {} }, 'work.polcy'],
    [{ policy: { wirte: 'deny' } }, 'work.policy.wirte'],
    [{ policy: { write: 'no' } }, 'work.policy.write'],
    [{ policy: { operations: { 'delete_*': true } } }, 'work.policy.operations.delete_*'],
    [{ policy: { operations: ['delete_*'] } }, 'work.policy.operations'],
    [{ policy: { force: 'no' } }, 'work.policy.force'],
    [{ values: { url: 5 } }, 'work.values.url'],
    [{ commands: { api_key: '' } }, 'work.commands.api_key'],
    [[], 'work'],
    [null, 'work'],
  ])('%j are a fault of that account, at its place', (entry, place) => {
    const found = account(entry as JsonValue);
    expect(isFault(found) && found.path.join('.')).toBe(`integrations.workos.accounts.${place}`);
  });

  it.each([[[]], ['x'], [{ version: 2 }], [{ force: 1 }], [{ integrations: [] }]])(
    '%j are no settings',
    (content) => {
      expect(isFault(settingsOf(content as JsonValue))).toBe(true);
    },
  );

  it('of any shape are either read or a fault, and never let more through than was written', () => {
    // A small generator of trees out of the words that settings know, by a counter in place of chance.
    let state = 7;
    const pick = <T>(choices: readonly T[]): T => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return choices[state % choices.length] as T;
    };
    const words = [
      'version',
      'force',
      'integrations',
      'workos',
      'accounts',
      'work',
      'policy',
      'write',
      'operations',
      'values',
      '__proto__',
    ];
    const tree = (depth: number): JsonValue => {
      const kind = pick([
        'object',
        'object',
        'object',
        'deny',
        'allow',
        'odd',
        'number',
        'null',
        'list',
        'true',
      ]);
      if (kind === 'object' && depth > 0)
        return JSON.parse(
          `{${words
            .filter(() => pick([true, false, false]))
            .map((word) => `${JSON.stringify(word)}:${JSON.stringify(tree(depth - 1))}`)
            .join(',')}}`,
        ) as JsonValue;
      return ({ number: 1, null: null, list: [], true: true } as Record<string, JsonValue>)[kind] ?? kind;
    };
    for (let round = 0; round < 3_000; round += 1) {
      const content = tree(6);
      const settings = settingsOf(content);
      if (isFault(settings)) continue;
      for (const integration of settings.integrations.values()) {
        if (isFault(integration)) continue;
        for (const entry of integration.accounts.values()) {
          if (isFault(entry) || entry.policy.effects.write !== 'allow') continue;
          expect(JSON.stringify(content)).toContain('"write":"allow"');
        }
      }
    }
  });
});

describe('the text of settings', () => {
  const text =
    '{\n  "version": 1,\n  "integrations": {\n    "workos": {\n      "enabled": "yes"\n    }\n  }\n}\n';

  it('is told of by line and column', () => {
    expect(brokenAt(text)).toBeNull();
    expect(brokenAt('{\n  "a": 1\n  "b": 2\n}')).toBe('3:3: a comma is expected here');
    expect(brokenAt('{\n  "a": 1,\n}')).toBe('3:1: a name in double quotes is expected here');
    expect(brokenAt('')).toBe('1:1: a value is expected here');
    expect(
      describeFault(text, { path: ['integrations', 'workos', 'enabled'], expected: 'true or false' }),
    ).toBe('5:18: integrations.workos.enabled: expected true or false');
  });

  it('is changed at one place and stays as it was elsewhere', () => {
    const written = '{\n  "mine": [1,  2],\n  "version": 1\n}\n';
    const changed = setEntry(written, ['integrations', 'workos', 'enabled'], false);
    expect(changed).toContain('"mine": [1,  2]');
    expect(JSON.parse(changed)).toEqual({
      mine: [1, 2],
      version: 1,
      integrations: { workos: { enabled: false } },
    });
    expect(JSON.parse(setEntry('', ['a'], 1))).toEqual({ version: 1, a: 1 });
  });

  it('that is broken gives what stands before the break', () => {
    expect(salvage('{ "version": 1, "force": false, "integrations": { "workos"')).toMatchObject({
      force: false,
    });
    expect(salvage('')).toBeNull();
  });
});
