/** What the compiler saw of a document that a person may want to know, or mend with an overlay. */
export interface CompileReport {
  readonly operations: number;
  /** Short names that several operations share; each is called by its arguments or its full name. */
  readonly doubledNames: readonly { readonly name: string; readonly functions: readonly string[] }[];
  /** Operations without a summary, which are called by their operation id. */
  readonly missingSummaries: readonly string[];
  /** Operations that have no name of their own, and why; `request{}` calls them. */
  readonly unnamed: readonly { readonly operation: string; readonly reason: string }[];
  /** How many effects follow from the method alone, and the POSTs among them that sound as if they only read. */
  readonly effectsGuessed: number;
  readonly perhapsReads: readonly string[];
  /** Style of paging → how many operations page so. */
  readonly pagination: Readonly<Record<string, number>>;
  /** Schemas that take more than the document says, and why. */
  readonly degraded: readonly { readonly place: string; readonly reason: string }[];
  /** Operations whose arguments are checked by their names alone, because their schema is too large for more. */
  readonly namesOnly: readonly { readonly operation: string; readonly reason: string }[];
  /** Operations whose security kosmo cannot serve: they are called without credentials. */
  readonly unserved: readonly { readonly operation: string; readonly reason: string }[];
  /** Arguments that got another name, because two parameters have the same. */
  readonly renamed: readonly { readonly operation: string; readonly argument: string }[];
}

/** Collects the report while a document is compiled. */
export class Notes {
  readonly missingSummaries: string[] = [];
  readonly unnamed: { operation: string; reason: string }[] = [];
  readonly perhapsReads: string[] = [];
  readonly degraded: { place: string; reason: string }[] = [];
  readonly unserved: { operation: string; reason: string }[] = [];
  readonly renamed: { operation: string; argument: string }[] = [];
  effectsGuessed = 0;
}
