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
