/** What a server may want of its client, and kosmo does not give it here. */
export type Wanted = 'sampling' | 'elicitation' | 'roots';

/** The methods by which older servers ask for it. */
const methods: Readonly<Record<string, Wanted>> = {
  'sampling/createMessage': 'sampling',
  'elicitation/create': 'elicitation',
  'roots/list': 'roots',
};

const words: Readonly<Record<Wanted, string>> = {
  sampling:
    'kosmo refused sampling: it has no language model to lend. Use a tool that does without, or give the server a model of its own.',
  elicitation:
    'it wants to ask a person something, and nobody is there to answer: run it on a terminal, without --json',
  roots: 'it wants to know the folder: kosmo mcp:add --allow-roots, or "roots": true in its configuration',
};

/** Why a server is not given what it wants, and what to do about that; null for something else than these. */
export function refusalOf(wanted: readonly string[]): string | null {
  for (const [name, refusal] of Object.entries(words)) if (wanted.includes(name)) return refusal;
  return null;
}

/** As `refusalOf`, of a request by its method. */
export function refusalOfMethod(method: string): string | null {
  const wanted = methods[method];
  return wanted === undefined ? null : words[wanted];
}
