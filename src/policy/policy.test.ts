import { describe, expect, it } from 'vitest';
import {
  decide,
  type NamedOperation,
  type Policy,
  type Rule,
  type RunPolicy,
  remotePolicy,
} from './index.ts';

const operation = (luaName: string, effect: NamedOperation['effect']): NamedOperation => ({
  integration: 'workos',
  effect,
  luaName,
  slug: `workos_organizations_${luaName}`,
  aliases: [`workos_alias_${luaName}`],
});
const rules = (said: Record<string, Rule['verdict']>): Rule[] =>
  Object.entries(said).map(([pattern, verdict]) => ({ pattern, verdict }));
const plain: RunPolicy = { force: false, readOnly: false, rules: [] };
const verdict = (policy: Partial<Policy>, run: Partial<RunPolicy>, of: NamedOperation) =>
  decide({ ...remotePolicy, ...policy }, { ...plain, ...run }, of).verdict;

const list = operation('list_organizations', 'read');
const create = operation('create_organization', 'write');
const remove = operation('delete_organization', 'destructive');

describe('a policy', () => {
  it('lets a remote account be read and asks for the rest, until somebody says otherwise', () => {
    expect([list, create, remove].map((of) => verdict({}, {}, of))).toEqual(['allow', 'ask', 'ask']);
  });

  it('follows a pattern rather than the effect, and the more exact of two patterns', () => {
    const policy = { rules: rules({ '*': 'deny', 'list_*': 'allow', create_organization: 'ask' }) };
    expect([list, create, remove].map((of) => verdict(policy, {}, of))).toEqual(['allow', 'ask', 'deny']);
    expect(verdict({ rules: rules({ 'delete_*': 'deny', delete_organization: 'allow' }) }, {}, remove)).toBe(
      'allow',
    );
    expect(verdict({ rules: rules({ 'list_*': 'allow', 'workos.list_*': 'deny' }) }, {}, list)).toBe('deny');
  });

  it('lets deny beat ask, and ask beat allow, between patterns that are as exact as each other', () => {
    const equal = {
      'create_*': 'allow',
      '*_organi': 'allow',
      '*zation': 'deny',
      'create_o*': 'ask',
    } as const;
    expect(verdict({ rules: rules({ 'create_*': 'allow', '*zation_': 'deny' }) }, {}, create)).toBe('allow');
    expect(verdict({ rules: rules({ 'create_*': 'allow', '*ization': 'deny' }) }, {}, create)).toBe('deny');
    expect(verdict({ rules: rules({ 'create_*': 'allow', '*ization': 'ask' }) }, {}, create)).toBe('ask');
    expect(verdict({ rules: rules(equal) }, {}, create)).toBe('ask');
  });

  it('knows an operation by every name, with - and _ the same, and only in the integration that is named', () => {
    for (const pattern of ['list-organizations', 'workos_organizations_list_*', 'WORKOS.workos_alias_*']) {
      expect(verdict({ rules: rules({ [pattern]: 'deny' }) }, {}, list)).toBe('deny');
    }
    expect(verdict({ rules: rules({ 'github.*': 'deny' }) }, {}, list)).toBe('allow');
  });

  it('knows the tools of one MCP server, or of all', () => {
    const tool = {
      ...create,
      integration: 'mcp.my-files',
      luaName: 'writeFile',
      slug: 'writeFile',
      aliases: [],
    };
    for (const pattern of [
      'mcp.my-files.writeFile',
      'mcp.my_files.write*',
      'mcp.my-files',
      'mcp.*',
      'writefile',
    ])
      expect([pattern, verdict({}, { rules: rules({ [pattern]: 'allow' }) }, tool)]).toEqual([
        pattern,
        'allow',
      ]);
    for (const pattern of ['mcp.other.*', 'mcp.my-files.read*', 'files.*'])
      expect([pattern, verdict({}, { rules: rules({ [pattern]: 'allow' }) }, tool)]).toEqual([
        pattern,
        'ask',
      ]);
  });

  it('takes what is no * in a pattern for itself', () => {
    expect(
      verdict(
        { rules: rules({ 'list.organizations': 'deny', 'list_[a-z]*': 'deny', '(': 'deny' }) },
        {},
        list,
      ),
    ).toBe('allow');
  });
});

describe('a run', () => {
  it('skips what would be asked when it is forced, and never what is denied', () => {
    expect(verdict({}, { force: true }, remove)).toBe('allow');
    expect(verdict({ rules: rules({ 'delete_*': 'deny' }) }, { force: true }, remove)).toBe('deny');
    expect(verdict({ force: false }, { force: true }, remove)).toBe('ask');
  });

  it('can answer for some functions alone', () => {
    const run = { rules: rules({ 'create_*': 'allow' }) };
    expect([create, remove].map((of) => verdict({}, run, of))).toEqual(['allow', 'ask']);
    expect(verdict({ force: false }, run, create)).toBe('ask');
    expect(verdict({ rules: rules({ '*': 'deny' }) }, run, create)).toBe('deny');
  });

  it('can deny all but a few', () => {
    const run = { rules: rules({ '*': 'deny', 'list_*': 'allow' }) };
    expect([list, create].map((of) => verdict({}, run, of))).toEqual(['allow', 'deny']);
  });

  it('that is read-only changes nothing, whatever else is said', () => {
    const run = { readOnly: true, force: true, rules: rules({ '*': 'allow' }) };
    expect([list, create, remove].map((of) => verdict({}, run, of))).toEqual(['allow', 'deny', 'deny']);
  });

  it('of a gateway does at least so much about what changes something, however much an account allows', () => {
    const free = { effects: { read: 'allow', write: 'allow', destructive: 'allow' } } as const;
    const denying = { effects: { read: 'ask', write: 'deny', destructive: 'deny' } } as const;
    for (const force of [true, false]) {
      const of = (policy: Partial<Policy>, writes: 'deny' | 'ask') =>
        [list, create, remove].map((operation) =>
          verdict(policy, { force, writes, rules: rules({ 'create_*': 'allow' }) }, operation),
        );
      expect(of(free, 'deny')).toEqual(['allow', 'deny', 'deny']);
      expect(of(free, 'ask')).toEqual(['allow', 'ask', 'ask']);
      expect(of(denying, 'ask')).toEqual([force ? 'allow' : 'ask', 'deny', 'deny']);
    }
  });

  it('never gets past what the account denies, whatever its flags are', () => {
    const verdicts = ['allow', 'ask', 'deny'] as const;
    const patterns = ['*', 'delete_*', 'delete_organization', 'workos.*'];
    for (const force of [true, false]) {
      for (const pattern of patterns) {
        for (const said of verdicts) {
          const run = { force, rules: rules({ [pattern]: said }) };
          expect(verdict({ rules: rules({ delete_organization: 'deny' }) }, run, remove)).toBe('deny');
          expect(verdict({ effects: { ...remotePolicy.effects, destructive: 'deny' } }, run, remove)).toBe(
            'deny',
          );
        }
      }
    }
  });
});
