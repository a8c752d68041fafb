// The part of highlight.js that is used.
/** What a language is made of: `scope` is the class that `match` gets. */
export interface Mode {
  readonly scope?: string;
  readonly match?: RegExp;
  readonly beginKeywords?: string;
}

export interface Language extends Mode {
  readonly name?: string;
  readonly contains: readonly Mode[];
}

export interface HighlighterApi {
  COMMENT(begin: string, end: string): Mode;
  readonly QUOTE_STRING_MODE: Mode;
}

export type LanguageFn = (api: HighlighterApi) => Language;

declare const highlighter: {
  registerLanguage(name: string, language: LanguageFn): void;
  configure(options: { readonly classPrefix: string }): void;
  highlight(
    code: string,
    options: { readonly language: string; readonly ignoreIllegals: boolean },
  ): { readonly value: string };
};
export default highlighter;
