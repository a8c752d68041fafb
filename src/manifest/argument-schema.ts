import type { JsonSchema, Operation } from './manifest.ts';

/**
 * The JSON Schema of an operation's argument table: its parameters by their snake_case names, and the body under
 * `body`. References are `#/schemas/NAME`; whoever uses it alone adds those schemas.
 * @param filled arguments that need not be given, because the account fills them
 */
export function argumentSchemaOf(
  operation: Operation,
  filled: (fields: readonly string[]) => boolean = () => false,
): JsonSchema {
  const properties: JsonSchema = {};
  const required: string[] = [];
  for (const parameter of operation.parameters) {
    const { argument, description, schema } = parameter;
    properties[argument] = description === '' ? schema : { ...schema, description };
    if (parameter.required && !filled(parameter.accountDefault)) required.push(argument);
  }
  if (operation.body !== null) {
    properties['body'] = operation.body.schema;
    if (operation.body.required) required.push('body');
  }
  return { type: 'object', properties, required, additionalProperties: false };
}
