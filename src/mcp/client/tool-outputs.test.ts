import { describe, expect, it } from 'vitest';
import { ToolOutputs } from './tool-outputs.ts';

const inputSchema = { type: 'object' } as const;
const counting = { type: 'object' as const, properties: { count: { type: 'integer' } }, required: ['count'] };
const outputs = new ToolOutputs([
  { name: 'count', inputSchema, outputSchema: counting },
  { name: 'say', inputSchema },
  { name: 'broken', inputSchema, outputSchema: { type: 'object', properties: { a: { pattern: '(' } } } },
]);
const content = [{ type: 'text' as const, text: 'x' }];

describe('the result of a tool', () => {
  it('is taken when it is what the tool promised, and when it promised nothing', () => {
    expect(outputs.fault('count', { content, structuredContent: { count: 3 } })).toBeNull();
    expect(outputs.fault('say', { content, structuredContent: { anything: true } })).toBeNull();
    expect(outputs.fault('unheard_of', { content })).toBeNull();
    expect([outputs.unusable('count'), outputs.unusable('say')]).toEqual([null, null]);
  });

  it('is not taken when it is something else, or not there', () => {
    expect(outputs.fault('count', { content, structuredContent: { count: 'many' } })).toMatch(
      /^the result does not match the tool's output schema: .*count.*integer/,
    );
    expect(outputs.fault('count', { content })).toContain('has no structured content');
  });

  it('that is an error need not be what a result would be', () => {
    expect(outputs.fault('count', { content, isError: true })).toBeNull();
  });

  it('cannot be looked at where the schema is none, which is told before the tool is called', () => {
    expect(outputs.unusable('broken')).toMatch(/^the tool's output schema is invalid: /);
  });
});
