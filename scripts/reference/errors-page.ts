import { type ErrorEntry, errorCatalogue } from '../../src/support/errors.ts';

const whose: Readonly<Record<ErrorEntry['fault'], string>> = {
  caller: 'Something to mend in the command, the program or the arguments',
  policy: 'The policy stands in the way',
  service: 'The API, or the way to it',
  machine: 'Something on this machine',
  kosmo: 'A fault in kosmo',
};

/** `docs/errors.md`: every error code. */
export function errorsPage(): string {
  const entries: [string, ErrorEntry][] = Object.entries(errorCatalogue);
  const sections = Object.entries(whose).map(([fault, title]) => {
    const lines = entries
      .filter(([, entry]) => entry.fault === fault)
      .map(([code, { meaning, remedy, exit }]) => `| \`${code}\` | ${meaning} | ${remedy} | ${exit} |`);
    return `## ${title}\n\n| code | meaning | what to do | exit |\n| --- | --- | --- | --- |\n${lines.join('\n')}\n`;
  });
  return `# Errors

Made from the catalogue in \`src/support/errors.ts\` by \`npm run docs:reference\`; a test holds it to that.

Every error is \`{ code, message, hint, details }\`: in the \`error\` of what \`--json\` prints, and as the table that a
program catches with \`pcall\`. Errors are told apart by their code, never by their text. The last column is the exit
code of a command that ends with it.

${sections.join('\n')}`;
}
