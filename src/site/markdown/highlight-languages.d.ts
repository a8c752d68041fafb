declare module 'highlight.js/lib/languages/*' {
  const language: import('highlight.js/lib/core').LanguageFn;
  export default language;
}
