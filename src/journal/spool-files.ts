import { readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemErrorCode } from '../support/errors.ts';

/** A file of the spool, as its name tells. */
export interface SpoolFile {
  /** When it was begun, in milliseconds since 1970. */
  readonly at: number;
  readonly pid: number;
  /** Of one process. */
  readonly token: string;
  /** Which of the process's files it is, from 1. */
  readonly number: number;
}

/** Sorts by time. The host is part of it, for a home may be shared between machines and containers. */
export function spoolFileName({ at, pid, token, number }: SpoolFile): string {
  return `${at.toString(36).padStart(9, '0')}.${number}.${pid}.${token}.${hostName()}.jsonl`;
}

/** The spool's files, the oldest first; `ended` when nothing more will be written to it. */
export function spoolFiles(folder: string): { readonly name: string; readonly ended: boolean }[] {
  const files = namesIn(folder)
    .map(parseName)
    .filter((file) => file !== null)
    .sort((a, b) => a.at - b.at || a.number - b.number);
  const last = new Map<string, number>();
  for (const { token, number } of files) last.set(token, Math.max(last.get(token) ?? 0, number));
  return files.map(({ name, host, pid, token, number, at }) => {
    const turnedOver = number < (last.get(token) ?? 0);
    return { name, ended: turnedOver || !mayGoOn({ host, pid, at }) };
  });
}

/** How many files it has. */
export function spoolLength(folder: string): number {
  return namesIn(folder).length;
}

/** How long a process of another machine is taken to go on, in milliseconds; this one cannot look. */
const longestElsewhere = 24 * 60 * 60 * 1000;

/** Whether the process that was there at that time is there still. */
export function mayGoOn({ host, pid, at }: { host: string; pid: number; at: number }): boolean {
  if (host !== hostName()) return at > Date.now() - longestElsewhere;
  // In a container the next process often has the number of the last.
  if (pid === process.pid) return at >= Date.now() - process.uptime() * 1000 - 1000;
  return isAlive(pid);
}

function parseName(name: string): (SpoolFile & { name: string; host: string }) | null {
  const match = /^([0-9a-z]{9,})\.(\d+)\.(\d+)\.([0-9a-f]+)\.([\w-]*)\.jsonl$/.exec(name);
  if (match === null) return null;
  const [, at = '', number, pid, token = '', host = ''] = match;
  return { name, at: Number.parseInt(at, 36), number: Number(number), pid: Number(pid), token, host };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}

/** This machine's name, as it stands in the name of a file. */
export function hostName(): string {
  return hostname()
    .replace(/[^\w-]/g, '_')
    .slice(0, 60);
}
