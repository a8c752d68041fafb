/**
 * Text as it may stand on a terminal: what an API says must not move the cursor, change colours or ring the bell.
 * @param lines whether line ends and tabs may stay
 */
export function plainText(text: string, lines: boolean): string {
  const kept = lines ? text : text.replace(/\s*[\r\n\t]+\s*/g, ' ');
  return kept.replace(/\p{Cc}/gu, (sign) => (sign === '\n' || sign === '\t' ? sign : '\uFFFD'));
}
