import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, inject } from 'vitest';
import { Router } from '../router.ts';
import { manifest } from './document.ts';

/** An operation that a test called, and what it was answered. */
export interface Seen {
  readonly operationId: string;
  readonly status: number;
  /** The test's file, from the repository's root. */
  readonly file: string;
}

const noted = new Set<string>();

/** Notes that an operation has been answered with this status, once for each test file. */
export function note(operationId: string, status: number): void {
  const { testPath } = expect.getState();
  if (testPath === undefined) return;
  const line = JSON.stringify({ operationId, status, file: relative(process.cwd(), testPath) });
  if (noted.has(line)) return;
  noted.add(line);
  // Each process has a file of its own, and a line is written at once.
  appendFileSync(join(inject('seenFolder'), `${process.pid}.jsonl`), `${line}\n`);
}

const router = new Router(manifest.index.operations);

/** As `note`, for a request to a page or an operation; nothing for a page that is no operation. */
export function noteRequest(method: string, path: string, status: number): void {
  const match = router.match(method, path);
  if (match !== null) note(match.operation.operationId, status);
}

/** Notes that a test file has run which looks at the server, by whatever door. */
export function noteFile(): void {
  note('', 0);
}

/** Everything that this run of the tests has noted until now. */
export function everythingSeen(): Seen[] {
  const folder = inject('seenFolder');
  return readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      // Written by `note`.
      .map((line) => JSON.parse(line) as Seen),
  );
}
