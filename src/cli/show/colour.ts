import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/**
 * Text in a style, for a stream that shows styles: a terminal, unless NO_COLOR is set or it is a dumb one; or
 * anything when FORCE_COLOR is.
 */
export function styled(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return showsColour(stream) ? styleText(style, text, { validateStream: false }) : text;
}

/** https://no-color.org; https://force-color.org */
export function showsColour(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return stream.isTTY === true && TERM !== 'dumb';
}
