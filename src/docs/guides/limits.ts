import type { Guide } from './guide.ts';

const text = `# Limits

What a run may use. One that passes a limit ends with that limit's error and exit code 5; a program that catches the error has hit it all the same.

| What | Limit | Option | Error |
| --- | --- | --- | --- |
| CPU time, waiting for calls left out | 30 s | \`--cpu-limit SECONDS\` | \`cpu_limit\` |
| Time in all | 10 min | \`--timeout SECONDS\` | \`time_limit\` |
| Memory | 32 MB | \`--memory-limit BYTES\` | \`memory_limit\` |
| Output, and likewise the result | 1 MB; more is cut, and kept whole in a file | | |
| Calls | 1,000 | \`--max-calls N\` | \`call_limit\` |
| Calls that write or destroy | 100 | \`--max-writes N\` | \`call_limit\` |
| One call, its repetitions included | 120 s | | \`time_limit\` |

## Rate limits of an API

A call that reads, or that carries an idempotency key, is sent up to four times when the API answers 429, 502, 503 or 504 or the connection breaks; it waits as long as the API asks, up to a minute, and calls behind it wait too. A write is not repeated: one whose answer was lost raises \`outcome_unknown\`, and the program has to look what came of it.

## Staying below

- Ask for large pages (\`limit = 100\` where a function takes it), and stop reading a list with \`break\` as soon as it is enough.
- Return what is needed, not everything that was read: \`return { count = n }\` costs the caller less than ten thousand rows.
- Several calls at once take less time, not fewer calls: \`docs.read("parallel")\`.
`;

export const limits: Guide = {
  name: 'limits',
  title: 'Limits',
  summary: 'Time, memory, output and calls of a run; rate limits; how to stay below them.',
  keywords: 'limit timeout memory cpu budget rate 429 retry too many calls slow program run how many',
  markdown: () => text,
};
