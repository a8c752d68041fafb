import type { CallToolResult, JsonSchemaType, JsonSchemaValidator, Tool } from '@modelcontextprotocol/client';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';

/** What a server's tools promise of their structured content. A check is made when its tool is first called. */
export class ToolOutputs {
  readonly #schemas: ReadonlyMap<string, Tool['outputSchema']>;
  readonly #validators = new AjvJsonSchemaValidator();
  readonly #checks = new Map<string, JsonSchemaValidator<unknown> | string>();

  constructor(tools: readonly Tool[]) {
    this.#schemas = new Map(tools.map(({ name, outputSchema }) => [name, outputSchema]));
  }

  /** Why no result of a tool can be taken; null when it can. */
  unusable(tool: string): string | null {
    const check = this.#checkOf(tool);
    return typeof check === 'string' ? `the tool's output schema is invalid: ${check}` : null;
  }

  /** What of a result is otherwise than its tool promised; null when nothing is. A result that is an error need not fit. */
  fault(tool: string, { structuredContent, isError }: CallToolResult): string | null {
    const check = this.#checkOf(tool);
    if (isError === true || check === null || typeof check === 'string') return null;
    if (structuredContent === undefined)
      return 'the tool has an output schema, and its result has no structured content';
    const checked = check(structuredContent);
    if (checked.valid) return null;
    return `the result does not match the tool's output schema: ${checked.errorMessage}`;
  }

  #checkOf(tool: string): JsonSchemaValidator<unknown> | string | null {
    const schema = this.#schemas.get(tool);
    if (schema === undefined) return null;
    let check = this.#checks.get(tool);
    if (check === undefined) {
      check = this.#compile(schema);
      this.#checks.set(tool, check);
    }
    return check;
  }

  #compile(schema: NonNullable<Tool['outputSchema']>): JsonSchemaValidator<unknown> | string {
    try {
      return this.#validators.getValidator(schema as JsonSchemaType);
    } catch (error) {
      return (error instanceof Error ? error.message : String(error)).slice(0, 200);
    }
  }
}
