/** What stands where a secret was. */
export const redacted = '[redacted]';

/**
 * Takes secrets out of text. A secret is also found in the forms it takes inside URLs and JSON strings; what is
 * shorter than four characters is left alone, because taking it out would ruin the text and hide nothing.
 */
export class Redactor {
  readonly #needles: readonly string[];

  constructor(secrets: Iterable<string>) {
    const needles = new Set<string>();
    for (const secret of secrets) {
      if (secret.length < 4) continue;
      needles.add(secret).add(encodeURIComponent(secret)).add(JSON.stringify(secret).slice(1, -1));
      needles.add(Buffer.from(secret).toString('base64'));
    }
    // The longest first: a secret may contain another.
    this.#needles = [...needles].sort((a, b) => b.length - a.length);
  }

  text(text: string): string {
    let result = text;
    for (const needle of this.#needles) {
      if (result.includes(needle)) result = result.replaceAll(needle, redacted);
    }
    return result;
  }

  /** A copy of plain data with every string in it (keys too) redacted. */
  data<T>(value: T): T;
  data(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.data(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [this.text(key), this.data(inner)]),
    );
  }
}

const secretWords = new Set(
  'password passwords passwd pwd passphrase secret secrets credential credentials authorization cookie jwt otp pin totp'.split(
    ' ',
  ),
);
const secretEndings = new Set(['token', 'tokens', 'code', 'codes', 'verifier', 'signature', 'key', 'keys']);
/** Names that end like a secret's and hold none. */
const plainNames = new Set(['idempotency_key', 'country_code', 'postal_code', 'status_code', 'error_code']);

/** Whether what goes by such a name (`client_secret`, `newPassword`, `code`) has to be taken for a secret. */
export function isSecretName(name: string): boolean {
  let secret = judged.get(name);
  if (secret === undefined) {
    secret = judge(name);
    // Names come from outside: what is remembered of them has an end.
    if (judged.size < 1_000) judged.set(name, secret);
  }
  return secret;
}

/** Names that have been looked at. */
const judged = new Map<string, boolean>();

function judge(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  if (plainNames.has(words.join('_'))) return false;
  return words.some((word) => secretWords.has(word)) || secretEndings.has(words.at(-1) ?? '');
}

/** Whether a text is of the form that services give their keys and tokens, wherever it stands. */
export function looksSecret(text: string): boolean {
  return /\b(?:[sr]k_(?:test|live|prod)?_?|gh[pousr]_|github_pat_|xox[abposr]-|glpat-|AKIA)[A-Za-z0-9_-]{8,}|\beyJ[\w-]{8,}\.[\w-]{8,}|-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(?:Bearer|Basic) [\w+/=.~-]{8,}/.test(
    text,
  );
}
