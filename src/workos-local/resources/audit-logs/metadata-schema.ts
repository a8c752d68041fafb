/** Holds the metadata of events against the JSON Schemas that were defined for it. */
export interface MetadataChecker {
  /** Whether a schema can be used: that nothing it refers to is missing and its patterns are patterns. */
  isUsable(schema: object): boolean;
  /** Where a value does not fit, as JSON pointers into it. */
  misfits(schema: object, value: unknown): string[];
}

/** The library is loaded with the first request that needs it. */
export async function loadMetadataChecker(): Promise<MetadataChecker> {
  const { Validator } = await import('@cfworker/json-schema');
  const misfits = (schema: object, value: unknown): string[] => {
    const { errors } = new Validator(schema, '2020-12', false).validate(value);
    const places = errors.map(({ instanceLocation }) => instanceLocation.replace(/^#/, ''));
    // An object is wrong, too, when something in it is: the innermost place says it best.
    const innermost = places.filter((place) => !places.some((other) => other.startsWith(`${place}/`)));
    return [...new Set(innermost)];
  };
  return {
    misfits(schema, value) {
      try {
        return misfits(schema, value);
      } catch {
        // A reference that leads nowhere, met only now: nothing fits it.
        return [''];
      }
    },
    isUsable(schema) {
      if (!hasUsablePatterns(schema)) return false;
      try {
        misfits(schema, {});
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** Whether everything that should be a regular expression is one. */
function hasUsablePatterns(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return true;
  return Object.entries(schema).every(([keyword, value]: [string, unknown]) => {
    if (keyword === 'pattern' && typeof value === 'string' && !isPattern(value)) return false;
    if (keyword === 'patternProperties' && typeof value === 'object' && value !== null) {
      if (!Object.keys(value).every(isPattern)) return false;
    }
    return hasUsablePatterns(value);
  });
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}
