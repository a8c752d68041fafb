import { Validator } from '@cfworker/json-schema';
import {
  type JsonSchema,
  largestChecked,
  propertiesOf,
  resolve,
  type SchemaLookup,
  variantsOf,
} from '../manifest/index.ts';
import { isJsonObject, type JsonValue } from '../support/json.ts';
import { withinTime } from '../support/time-budget.ts';

/** How long checking one argument table may take, in milliseconds, before only its names are checked. */
const budget = 1_000;

/** How deep a table may be nested that is checked without looking at the time. */
const shallow = 12;

/**
 * Says whether an argument table fits its schema. Documents are others' work: a schema that the validator cannot take,
 * or that takes it too long, is replaced by its names: those that are required are there.
 */
export class ArgumentValidator {
  readonly #schema: JsonSchema;
  readonly #lookup: SchemaLookup;
  readonly #hasPatterns: boolean;
  #check: ((args: JsonValue) => boolean) | null;
  #namesOnly: string | null = null;

  /** @param schema with what it refers to under `schemas` */
  constructor(schema: JsonSchema) {
    this.#schema = schema;
    const { schemas } = schema;
    this.#lookup = (name) => {
      const named = isJsonObject(schemas) && Object.hasOwn(schemas, name) ? schemas[name] : undefined;
      return isJsonObject(named) ? named : undefined;
    };
    const text = JSON.stringify(schema);
    this.#hasPatterns = text.includes('"pattern');
    this.#check =
      text.length > largestChecked ? this.#giveUp('its schema is too large') : this.#compile(text);
  }

  /** Why nothing but the names of its arguments is checked; null while all of it is. */
  get namesOnly(): string | null {
    return this.#namesOnly;
  }

  accepts(args: JsonValue): boolean {
    const check = this.#check;
    if (check !== null) {
      try {
        // Only a pattern, or choices within choices, take longer than their value is large.
        const timed = this.#hasPatterns || isDeeper(args, shallow);
        const valid = timed ? withinTime(budget, () => check(args)) : check(args);
        if (valid !== null) return valid;
        this.#check = this.#giveUp('checking it took more than a second');
      } catch {
        // A schema that the validator fails at fails at every value.
        this.#check = this.#giveUp('a validator cannot take its schema');
      }
    }
    return isJsonObject(args) && hasRequired(this.#schema, args, this.#lookup);
  }

  #compile(text: string): ((args: JsonValue) => boolean) | null {
    try {
      // The validator writes marks of its own into the schema it is given, so it gets one of its own.
      const validator = new Validator(JSON.parse(text) as JsonSchema, '2020-12');
      return (args) => validator.validate(args).valid;
    } catch {
      return this.#giveUp('a validator cannot take its schema');
    }
  }

  #giveUp(reason: string): null {
    this.#namesOnly = reason;
    return null;
  }
}

function isDeeper(value: JsonValue, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isDeeper(inner, depth - 1));
}

/** Whether everything that is required is there, wherever the table has the object that requires it. */
function hasRequired(schema: JsonSchema, value: JsonValue, lookup: SchemaLookup): boolean {
  const resolved = resolve(schema, lookup);
  if (!variantsOf(resolved, 'allOf', lookup).every((part) => hasRequired(part, value, lookup))) return false;
  const { items, required } = resolved;
  if (Array.isArray(value))
    return !isJsonObject(items) || value.every((item) => hasRequired(items, item, lookup));
  if (!isJsonObject(value)) return true;
  const names = Array.isArray(required) ? required : [];
  if (!names.every((name) => typeof name !== 'string' || Object.hasOwn(value, name))) return false;
  const properties = propertiesOf(resolved);
  return Object.entries(value).every(([name, inner]) => {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return !isJsonObject(property) || hasRequired(property, inner, lookup);
  });
}
