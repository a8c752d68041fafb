import highlighter, { type LanguageFn, type Mode } from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import lua from 'highlight.js/lib/languages/lua';
import shell from 'highlight.js/lib/languages/shell';
import yaml from 'highlight.js/lib/languages/yaml';

/** Lua as the library knows it, and the names that a program here is made of: what is called, and keys of tables. */
const luaWithNames: LanguageFn = (api) => {
  const language = lua(api);
  const names: Mode[] = [
    { scope: 'title', match: /\b[a-z_]\w*(?=\s*[({])/i },
    { scope: 'attr', match: /(?<!\blocal\s+)\b[a-z_]\w*(?=\s*=(?!=))/i },
  ];
  // After comments and strings, in which nothing is a name, and after the word that a function is made with.
  return { ...language, contains: [...language.contains, ...names] };
};

/** The shell as the library knows it; options are no words of the shell, as `--eval` would be. */
const bashWithOptions: LanguageFn = (api) => {
  const language = bash(api);
  return { ...language, contains: [{ scope: 'attr', match: /(?<=\s)--?[\w-]+/ }, ...language.contains] };
};

/** What a function returns: `name: type  -- meaning`, a line each. */
const shape: LanguageFn = (api) => ({
  name: 'Shape',
  contains: [
    api.COMMENT('--', '$'),
    { scope: 'attr', match: /^\s*[\w.[\]?]+(?=\??:)/ },
    api.QUOTE_STRING_MODE,
    { scope: 'type', match: /\b(?:string|integer|number|boolean|object|list|null)\b/ },
  ],
});

const languages: Readonly<Record<string, LanguageFn>> = {
  lua: luaWithNames,
  sh: bashWithOptions,
  console: shell,
  bash: bashWithOptions,
  json,
  js: javascript,
  ts: javascript,
  yaml,
  shape,
};
for (const [name, language] of Object.entries(languages)) highlighter.registerLanguage(name, language);
highlighter.configure({ classPrefix: 'h-' });

/**
 * Code as HTML, with a class for each kind of word.
 * @param language as behind the fence; text of a language that is not known is only escaped
 */
export function highlighted(code: string, language: string): string {
  if (!(language in languages)) return escapeText(code);
  const { value } = highlighter.highlight(code, { language, ignoreIllegals: true });
  // Between tags a quote is only a quote; as an entity it would be a tenth of a page.
  return value.replaceAll('&quot;', '"').replaceAll('&#x27;', "'");
}

/** Text as it may stand between tags, and nowhere else. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Text as it may stand between tags or in an attribute. */
export function escapeHtml(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;');
}
