/** A markdown text without the part below a heading of the second level, up to the next of its kind. */
export function withoutSection(markdown: string, heading: RegExp): string {
  let fenced = false;
  let dropping = false;
  return markdown
    .split('\n')
    .filter((line) => {
      if (line.startsWith('```')) fenced = !fenced;
      const title = fenced ? undefined : /^##? (.*)$/.exec(line)?.[1];
      if (title !== undefined) dropping = heading.test(title);
      return !dropping;
    })
    .join('\n');
}
