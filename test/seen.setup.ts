import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where this run notes what it has seen of the local WorkOS server (src/workos-local/testing/seen.ts). */
    seenFolder: string;
  }
}

const hour = 3_600_000;

/** Makes a folder for the notes of this run; those of runs that are long over are deleted. */
export function setup(project: TestProject): void {
  const folder = join(process.cwd(), 'build', 'seen');
  const own = join(folder, String(process.pid));
  mkdirSync(own, { recursive: true });
  for (const name of readdirSync(folder)) {
    const other = join(folder, name);
    if (other !== own && statSync(other).mtimeMs < Date.now() - hour) rmSync(other, { recursive: true });
  }
  project.provide('seenFolder', own);
}
