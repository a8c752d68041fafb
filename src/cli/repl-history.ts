import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const most = 1_000;

/** Lines typed in earlier sessions, the last one first. A history that cannot be read is none. */
export function readHistory(home: string): string[] {
  try {
    return readFileSync(join(home, 'repl-history'), 'utf8').split('\n').filter(Boolean).reverse();
  } catch {
    return [];
  }
}

/** Adds lines, oldest first, to those of earlier sessions. What cannot be written is not kept. */
export function saveHistory(home: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  const all = [...readHistory(home).reverse(), ...lines].slice(-most);
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    // Lines may hold what a person would not show.
    writeFileSync(join(home, 'repl-history'), `${all.join('\n')}\n`, { mode: 0o600 });
  } catch {
    // A home that cannot be written to is no reason to fail on the way out.
  }
}
