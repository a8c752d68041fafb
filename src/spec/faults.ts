import { KosmoError } from '../support/errors.ts';

/** Something wrong with a document, and where. */
export interface DocumentFault {
  /** The file or URL it stands in. */
  readonly file: string;
  /** JSON pointer into that file: `#/paths/~1users/get`. */
  readonly pointer: string;
  readonly message: string;
}

/** How many faults a message lists; all of them are in its details. */
const shown = 20;

/** The error for a document with faults: each with its place. */
export function documentFaults(location: string, faults: readonly DocumentFault[]): KosmoError {
  const lines = faults.slice(0, shown).map(({ file, pointer, message }) => {
    const place = file === location ? pointer : `${file}${pointer}`;
    return `\n  ${place}: ${message}`;
  });
  const more = faults.length > shown ? `\n  and ${faults.length - shown} more` : '';
  const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
  return new KosmoError(
    'document_invalid',
    `${location} has ${count}, and nothing was installed:${lines.join('')}${more}`,
    { details: { document: location, faults } },
  );
}
