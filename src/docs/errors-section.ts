import {
  type JsonSchema,
  type Operation,
  type OperationResponse,
  propertiesOf,
  resolve,
  type SchemaLookup,
  variantsOf,
} from '../manifest/index.ts';
import { flexible, type Part } from './page.ts';
import { cell } from './prose.ts';

const usualMeanings: Readonly<Record<string, string>> = {
  '400': 'The request cannot be carried out as it is.',
  '401': 'The credentials are missing or wrong.',
  '403': 'The credentials do not allow this.',
  '404': 'Something that was named does not exist.',
  '409': 'It contradicts what is there already.',
  '422': 'Arguments that the API refuses; `errors` lists them.',
  '429': 'Too many requests; wait, then go on.',
};

/** An error that an operation may answer with. */
export interface DocumentedError {
  readonly status: string;
  readonly meaning: string;
  /** The API's own codes, as far as its document names them. */
  readonly codes: readonly string[];
}

/** The errors a document names, each with its codes. */
export function errorsOf(operation: Operation, lookup: SchemaLookup): DocumentedError[] {
  return operation.responses
    .filter(({ status }) => /^[45]/.test(status))
    .map((response) => ({
      status: response.status,
      meaning: when(response),
      codes: codesOf(response, lookup),
    }));
}

/** What to do about an error status, whatever the API. */
const remedies: Readonly<Record<string, string>> = {
  '400': 'mend what the message names',
  '401': 'see which credentials the account has with `kosmo integrations:status`',
  '403': 'use an account that may',
  '404': 'look the id up first; it may be of another account',
  '409': 'read what is there, and change that',
  '422': 'mend the arguments that `errors` names',
  '429': 'make fewer calls at once; short waits are taken care of',
};

/** The same for a page. */
export function errorsPart(operation: Operation, lookup: SchemaLookup): Part {
  const errors = errorsOf(operation, lookup);
  if (errors.length === 0) {
    return flexible(
      '## Errors\n\nNone that its document names; `docs.read("errors")` has those of every call.',
      {
        text: '',
        lacks: null,
        loss: 5,
      },
    );
  }
  const lines = errors.map(({ status, meaning, codes }) => {
    const remedy = remedies[status];
    const listed = codes.length === 0 ? '' : ` Codes: ${codes.map((code) => `\`${code}\``).join(', ')}.`;
    return `- ${status}: ${meaning}${listed}${remedy === undefined ? '' : ` To do: ${remedy}.`}`;
  });
  const short = errors.map(({ status, codes }) =>
    codes.length === 0 ? status : `${status} (${codes.join(', ')})`,
  );
  return flexible(
    ['## Errors', '', ...lines].join('\n'),
    { text: `Errors: ${short.join('; ')}.`, lacks: 'when its errors come and what to do', loss: 20 },
    {
      text: `Errors: ${errors.map(({ status }) => status).join(', ')}.`,
      lacks: 'the codes of its errors',
      loss: 50,
    },
  );
}

/** A description that only repeats the status' name says less than we can. */
function when(response: OperationResponse): string {
  const said = cell(response.description);
  const usual = usualMeanings[response.status];
  return usual !== undefined && said.split(' ').length <= 3 ? usual : said;
}

/** Every constant `code` (or OAuth `error`) that the answer's schema names. */
function codesOf(response: OperationResponse, lookup: SchemaLookup): string[] {
  const codes = new Set<string>();
  const visit = (schema: JsonSchema | null, depth: number) => {
    if (schema === null || depth > 4) return;
    const resolved = resolve(schema, lookup);
    for (const name of ['code', 'error']) {
      const { const: constant, enum: values } = resolve(propertiesOf(resolved)[name], lookup);
      for (const value of [constant, ...(Array.isArray(values) ? values : [])]) {
        if (typeof value === 'string') codes.add(value);
      }
    }
    for (const keyword of ['oneOf', 'anyOf', 'allOf'] as const) {
      for (const variant of variantsOf(resolved, keyword, lookup)) visit(variant, depth + 1);
    }
  };
  visit(response.schema, 0);
  return [...codes];
}
