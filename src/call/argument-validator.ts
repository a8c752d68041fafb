import { Validator } from '@cfworker/json-schema';
import type { JsonSchema } from '../manifest/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import { withinTime } from '../support/time-budget.ts';

/** How long checking one argument table may take, in milliseconds, before only its names are checked. */
const budget = 1_000;

/** How large the schemas of one operation may be, in characters of JSON, to be checked as a whole. */
const largest = 4_000_000;

/**
 * Says whether an argument table fits its schema. Documents are others' work: a schema that the validator cannot take,
 * or that takes it too long, is replaced by its names: those that are required are there.
 */
export class ArgumentValidator {
  readonly #schema: JsonSchema;
  readonly #bounded: boolean;
  #check: ((args: JsonValue) => boolean) | null;

  /** @param schema with what it refers to under `schemas` */
  constructor(schema: JsonSchema) {
    this.#schema = schema;
    const text = JSON.stringify(schema);
    // Nothing but a pattern takes longer than its value is long.
    this.#bounded = text.includes('"pattern');
    this.#check = text.length > largest ? null : this.#compile(text);
  }

  /** Whether it is more than the names that are checked. */
  get isWhole(): boolean {
    return this.#check !== null;
  }

  accepts(args: JsonValue): boolean {
    const check = this.#check;
    if (check !== null) {
      try {
        const valid = this.#bounded ? withinTime(budget, () => check(args)) : check(args);
        if (valid !== null) return valid;
      } catch {
        // A schema that the validator fails at fails at every value.
      }
      this.#check = null;
    }
    return isJsonObject(args) && hasRequired(this.#schema, args);
  }

  #compile(text: string): ((args: JsonValue) => boolean) | null {
    try {
      // The validator writes marks of its own into the schema it is given, so it gets one of its own.
      const validator = new Validator(JSON.parse(text) as JsonSchema, '2020-12');
      return (args) => validator.validate(args).valid;
    } catch {
      return null;
    }
  }
}

function hasRequired(schema: JsonSchema, args: JsonObject): boolean {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return required.every((name) => typeof name !== 'string' || Object.hasOwn(args, name));
}
