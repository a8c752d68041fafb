/** The fields of a form that was sent. */
export class Form {
  readonly #fields: URLSearchParams;

  constructor(fields = new URLSearchParams()) {
    this.#fields = fields;
  }

  /** A field as it was typed, without the space around it; empty when it is not there. */
  text(name: string): string {
    return this.exact(name).trim();
  }

  /** A field with every space in it: a password. */
  exact(name: string): string {
    return storable(this.#fields.get(name) ?? '');
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  /** Every value of a name: check boxes. */
  all(name: string): string[] {
    return this.#fields.getAll(name).map(storable);
  }
}

/** No column can hold a NUL character, and no form a person fills in has one. */
function storable(text: string): string {
  return text.replaceAll('\0', '\u{fffd}');
}
