import { rmSync } from 'node:fs';
import { join } from 'node:path';

/** Forgets which operations of the local WorkOS server the last run has seen (see src/workos-local/testing/seen.ts). */
export function setup(): void {
  rmSync(join(process.cwd(), 'build', 'seen'), { recursive: true, force: true });
}
