import { invalidRequest, type Problem } from './errors.ts';

/** Escapes that stand for characters a text column cannot hold as they are: NUL, and half of a surrogate pair. */
const suspicious = /\\u(0000|[dD][89abABcdefCDEF])/;

/** How many levels a body may have. None of the document's has ten; what walks it may recurse. */
const deepest = 64;

/**
 * The value of a JSON text as it can be kept: a lone surrogate becomes U+FFFD here, so that what is answered now is
 * what a later read answers.
 *
 * @returns undefined when the text is not JSON
 * @throws ApiError 422 for a NUL character, or for more levels than any body has
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (isDeeperThan(value, deepest)) {
    throw invalidRequest([
      { code: 'too_deep', field: '', message: `The body must have ${deepest} or fewer levels.` },
    ]);
  }
  if (!suspicious.test(text)) return value;
  const problems: Problem[] = [];
  const kept = storable(value, '', problems);
  if (problems.length > 0) throw invalidRequest(problems);
  return kept;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

function storable(value: unknown, field: string, problems: Problem[]): unknown {
  if (typeof value === 'string') {
    if (value.includes('\0')) {
      problems.push({ code: 'invalid_character', field, message: `${field} must not hold a NUL character.` });
    }
    // Writing UTF-8 is what replaces halves of a surrogate pair.
    return Buffer.from(value).toString();
  }
  if (Array.isArray(value)) return value.map((item, at) => storable(item, join(field, String(at)), problems));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      String(storable(name, join(field, name), problems)),
      storable(item, join(field, name), problems),
    ]),
  );
}

function join(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}
