import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import type { GatewayOptions, Writes } from './contract.ts';
import { toolsOf } from './tools.ts';

const options: GatewayOptions = {
  writes: 'deny',
  account: null,
  integrations: ['workos'],
  servers: [],
  version: '1.0.0',
  classic: false,
  tools: null,
};
const tokensOf = (given: GatewayOptions) => countTokens(JSON.stringify({ tools: toolsOf(given) }));

describe('the list of tools', () => {
  it.each(['deny', 'ask', 'allow'] as Writes[])('is under 700 tokens, and far, with writes: %s', (writes) => {
    expect(tokensOf({ ...options, writes })).toBeLessThan(600);
  });

  it('is hardly longer however much is installed', () => {
    const many = (word: string) =>
      Array.from({ length: 500 }, (_, index) => `${word}_${index}_x${'y'.repeat(40)}`);
    const tokens = tokensOf({ ...options, integrations: many('integration'), servers: many('server') });
    expect(tokens).toBeLessThan(700);
    const short = Array.from({ length: 500 }, (_, index) => `é${index}`);
    expect(tokensOf({ ...options, integrations: short, servers: short })).toBeLessThan(1000);
  });

  it('names what is installed, and counts what there is no room for', () => {
    const [, , , execute] = toolsOf({ ...options, integrations: ['workos', 'github'], servers: ['memory'] });
    expect(execute?.description).toContain('calls an API (workos, github);');
    expect(execute?.description).toContain('an MCP tool (memory).');
    const [, , , crowded] = toolsOf({ ...options, servers: ['a'.repeat(150), 'b'.repeat(150), 'c'] });
    expect(crowded?.description).toContain(`(${'a'.repeat(150)}, 2 more)`);
  });

  it('says what happens to writes', () => {
    const said = (['deny', 'ask', 'allow'] as const).map((writes) => toolsOf({ ...options, writes })[3]);
    expect(said.map((tool) => tool?.annotations?.destructiveHint)).toEqual([false, true, true]);
    expect(said.map((tool) => tool?.description?.split('\n').at(-1))).toEqual([
      'Nothing may be changed here: writes are refused.',
      'A person approves each write first.',
      'Writes are sent at once.',
    ]);
  });
});
