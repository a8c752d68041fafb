import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that cannot be taken for another that got its number later. */
export interface KnownProcess {
  readonly pid: number;
  readonly started: string;
}

interface Seen extends KnownProcess {
  readonly parent: number;
  readonly words: readonly string[];
}

/** How far up is looked. */
const most = 40;

/** Programs that start what they are told to, so that whoever asked is whoever started them. */
const starters = /^(?:sh|bash|dash|zsh|fish|env|npx|npm|pnpm|yarn|bunx|bun)$/;

/**
 * The programs that have this process started for their purposes: an MCP client, whatever wrapper it uses. None where
 * the system does not tell.
 */
export function askingProcesses(pid = process.ppid): KnownProcess[] {
  const found: KnownProcess[] = [];
  for (const seen of ancestors(pid)) {
    found.push({ pid: seen.pid, started: seen.started });
    if (!isStarter(seen.words)) break;
  }
  return found;
}

/** Whether this process was started, however indirectly, by one of these. */
export function isWithin(processes: readonly KnownProcess[], pid = process.ppid): boolean {
  if (processes.length === 0) return false;
  for (const seen of ancestors(pid)) {
    if (processes.some((asking) => asking.pid === seen.pid && asking.started === seen.started)) return true;
  }
  return false;
}

/** A process and those above it, the nearest first; the first of all, which everything descends from, is left out. */
function* ancestors(from: number): Generator<Seen> {
  let pid = from;
  for (let count = 0; count < most && pid > 1; count += 1) {
    const seen = look(pid);
    if (seen === null) return;
    yield seen;
    pid = seen.parent;
  }
}

/** A shell that somebody types into is no starter; one that was given a command is. */
function isStarter([program = '', ...words]: readonly string[]): boolean {
  const name = program.split('/').at(-1) ?? '';
  if (/^(?:sh|bash|dash|zsh|fish)$/.test(name))
    return words.some((word) => !word.startsWith('-') || word === '-c');
  if (name.startsWith('node')) return words.some((word) => /(?:^|\/)(?:npx|npm)(?:-cli\.js)?$/.test(word));
  return starters.test(name);
}

function look(pid: number): Seen | null {
  return process.platform === 'linux' ? lookInProc(pid) : lookWithPs(pid);
}

function lookInProc(pid: number): Seen | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in parentheses and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    return { pid, parent: Number(fields[1]), started: fields[19] ?? '', words };
  } catch {
    return null;
  }
}

function lookWithPs(pid: number): Seen | null {
  try {
    const line = execFileSync('ps', ['-o', 'ppid=,lstart=,command=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 2_000,
    });
    const [, parent, started, command] =
      /^\s*(\d+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/m.exec(line) ?? [];
    if (parent === undefined || started === undefined) return null;
    return { pid, parent: Number(parent), started, words: (command ?? '').split(' ') };
  } catch {
    return null;
  }
}
