import { argumentSchemaOf } from './argument-schema.ts';
import type { JsonSchema, Manifest, Operation } from './manifest.ts';
import { requestView } from './request-view.ts';
import { reachedNames, referencedSchemas } from './schema-references.ts';

/** How large the schemas of one operation's arguments may be, in characters of JSON, to be checked as a whole. */
export const largestChecked = 4_000_000;

/**
 * How large the schema of each operation's arguments is with all it refers to, in characters of JSON: exactly what is
 * held against `largestChecked` when the operation is called.
 */
export function argumentSizes({ operations, schemas }: Manifest): Map<Operation, number> {
  const named = new Map(Object.entries(schemas).map(([name, schema]) => [name, partOf(name, schema)]));
  return new Map(
    operations.map((operation) => {
      const schema = requestView(argumentSchemaOf(operation));
      const needed = reachedNames(referencedSchemas(schema), (name) => named.get(name)?.refersTo ?? []);
      const parts = [...needed].reduce((sum, name) => sum + (named.get(name)?.size ?? 0), 0);
      const commas = Math.max(0, needed.size - 1);
      return [operation, JSON.stringify(schema).length + ',"schemas":{}'.length + parts + commas];
    }),
  );
}

function partOf(name: string, schema: JsonSchema): { size: number; refersTo: ReadonlySet<string> } {
  const view = requestView(schema);
  return {
    size: JSON.stringify(name).length + 1 + JSON.stringify(view).length,
    refersTo: referencedSchemas(schema),
  };
}
