/** What a shell knows a command by that Ctrl-C ended. */
const interrupted = 130;

/** Asks on the terminal for a line; null when it was left without one, by Ctrl-D or Ctrl-C. */
export async function askLine(question: string): Promise<string | null> {
  // Loaded here: most runs ask nothing.
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const left = new AbortController();
  // readline keeps Ctrl-C to itself; whatever is running is to be interrupted by it as at any other time.
  terminal.once('SIGINT', () => {
    process.stderr.write('\n');
    if (!process.emit('SIGINT')) {
      terminal.close();
      process.exit(interrupted);
    }
    left.abort();
  });
  try {
    return await terminal.question(question, { signal: left.signal });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
    if (!left.signal.aborted) process.stderr.write('\n');
    return null;
  } finally {
    terminal.close();
  }
}
