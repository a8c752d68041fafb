import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CallOutcome } from '../../call/index.ts';
import { RunProgress } from './progress.ts';

const answered: CallOutcome = {
  ok: true,
  value: null,
  text: null,
  page: null,
  record: {
    function: 'mcp.every.echo',
    account: 'default',
    effect: 'read',
    status: null,
    attempts: 1,
    duration_ms: 1,
    request_id: null,
  },
};

it('a run counts the calls that were answered, and between them how far a tool is', () => {
  const heard: [number, string][] = [];
  const progress = new RunProgress((...said) => heard.push(said));
  const tool = { server: 'every', tool: 'long', total: 4, message: null };
  progress.answered(answered);
  progress.underWay({ ...tool, progress: 1 });
  progress.underWay({ ...tool, progress: 4, message: 'nearly' });
  progress.answered(answered);
  progress.underWay({ ...tool, total: null, progress: 7 });
  expect(heard).toEqual([
    [1, 'mcp.every.echo'],
    [1.25, 'mcp.every.long: 1 of 4'],
    [1.999, 'mcp.every.long: nearly'],
    [2, 'mcp.every.echo'],
    [2.001, 'mcp.every.long: 7'],
  ]);
});

it('numbers rise with every notification, whatever servers say and however many at once', () => {
  const notice = fc.record({
    server: fc.constant('s'),
    tool: fc.constant('t'),
    progress: fc.double({ noNaN: true }),
    total: fc.option(fc.double({ noNaN: true })),
    message: fc.constant(null),
  });
  fc.assert(
    fc.property(fc.array(fc.option(notice), { maxLength: 200 }), (said) => {
      const heard: number[] = [];
      const progress = new RunProgress((number) => heard.push(number));
      for (const entry of said) {
        if (entry === null) progress.answered(answered);
        else progress.underWay(entry);
      }
      expect(heard).toHaveLength(said.length);
      expect(
        heard.every((number, index) => Number.isFinite(number) && number > (heard[index - 1] ?? 0)),
      ).toBe(true);
    }),
  );
});
