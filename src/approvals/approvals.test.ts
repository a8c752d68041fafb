import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database, migrate } from '../sqlite/index.ts';
import { Approvals } from './approvals.ts';
import { askingProcesses, isWithin } from './asking-processes.ts';
import { approvalsSchema } from './schema.ts';
import { fingerprintOfCall, fingerprintOfRequest, type SuspendedRun } from './suspended-run.ts';

const request = {
  function: 'workos.workos_organizations_create',
  account: 'default',
  effect: 'write',
  request: {
    method: 'POST',
    url: 'https://api.example.com/organizations',
    body: { name: 'A', big: 2n ** 60n },
  },
};
const run: SuspendedRun = {
  program: { source: 'return 1' },
  account: null,
  seed: 1,
  now: 2,
  made: [],
  asked: [{ ...request, fingerprint: fingerprintOfRequest(request) }],
};
let now: number;
let database: Database;
let approvals: Approvals;
beforeEach(() => {
  now = Date.parse('2026-01-01T00:00:00Z');
  database = Database.open(':memory:');
  migrate(database, approvalsSchema, new Date(now).toISOString());
  approvals = new Approvals(database, randomBytes(32), { date: () => now });
});
afterEach(() => approvals.close());

const ask = () => approvals.ask({ run, client: 'test', asked: 'terminal', processes: [] });
const hours = 60 * 60 * 1000;

describe('an approval', () => {
  it('comes back as it was asked for, once it is decided, and once only', () => {
    const id = ask();
    expect(approvals.take(id)).toMatchObject({ code: 'approval_required' });
    expect(approvals.decide(id, 'approved')).toBeNull();
    expect(approvals.take(id)).toEqual({ run, decision: 'approved' });
    for (const again of [approvals.take(id), approvals.get(id), approvals.decide(id, 'approved')])
      expect(again).toMatchObject({ code: 'unknown_approval', details: { state: 'used' } });
    // Not even by whoever writes to the database: there is nothing left to approve.
    database.run(`UPDATE approval SET state = 'decided' WHERE id = ?`, [id]);
    expect(approvals.take(id)).toHaveProperty('code');
  });

  it('cannot be decided twice: what was denied stays denied', () => {
    const id = ask();
    approvals.decide(id, 'denied');
    expect(approvals.decide(id, 'approved')).toMatchObject({
      message: expect.stringContaining('decided already: denied') as string,
    });
    expect(approvals.take(id)).toMatchObject({ decision: 'denied' });
  });

  it('is over after four hours, whether it was given or not', () => {
    const [pending, given] = [ask(), ask()];
    approvals.decide(given, 'approved');
    now += 4 * hours;
    expect(approvals.decide(pending, 'approved')).toMatchObject({ details: { state: 'expired' } });
    expect(approvals.take(given)).toMatchObject({ code: 'unknown_approval', details: { state: 'expired' } });
    expect(approvals.list().map(({ state }) => state)).toEqual(['expired', 'expired']);
    now += 8 * 24 * hours;
    ask();
    expect(approvals.list()).toHaveLength(1);
  });

  it('opens with its key only, and with its own id', () => {
    const [first, second] = [ask(), ask()];
    const other = new Approvals(database, randomBytes(32), { date: () => now });
    expect(other.get(first)).toMatchObject({ code: 'unknown_approval' });
    other.decide(first, 'approved');
    expect(approvals.take(first)).toMatchObject({ code: 'approval_required' });
    database.run('UPDATE approval SET run = (SELECT run FROM approval WHERE id = ?) WHERE id = ?', [
      first,
      second,
    ]);
    expect(approvals.get(second)).toMatchObject({ code: 'unknown_approval' });
  });
});

describe('the fingerprint', () => {
  it('of a call or request is the same whatever order its keys are in, and another for anything else', () => {
    const call = { integration: 'a', account: null, function: 'f', args: { x: 1, y: { b: [1, 2], a: 2n } } };
    const same = { args: { y: { a: 2n, b: [1, 2] }, x: 1 }, function: 'f', account: null, integration: 'a' };
    expect(fingerprintOfCall(call)).toBe(fingerprintOfCall(same));
    const prints = [
      call,
      { ...call, account: 'default' },
      { ...call, function: 'g' },
      { ...call, args: { ...call.args, x: '1' } },
      { ...call, args: { ...call.args, y: { b: [2, 1], a: 2n } } },
      { ...call, args: { x: [['y', 1]], y: { b: [1, 2], a: 2n } } },
    ].map(fingerprintOfCall);
    expect(new Set(prints).size).toBe(prints.length);
    const other = {
      ...request,
      request: { ...request.request, url: 'https://api.example.com/organizations/x' },
    };
    expect(fingerprintOfRequest(request)).not.toBe(fingerprintOfRequest(other));
  });
});

describe.runIf(process.platform === 'linux')('who asks', () => {
  it('is the process that started this one; a shell that was given a command stands for who started it', async () => {
    const [self] = askingProcesses(process.pid);
    expect(self?.pid).toBe(process.pid);
    const shell = spawn('sh', ['-c', 'sleep 5; true'], { stdio: 'ignore' });
    await once(shell, 'spawn');
    const asking = askingProcesses(shell.pid);
    expect(asking.map(({ pid }) => pid)).toEqual([shell.pid, process.pid]);
    expect(isWithin(asking, shell.pid)).toBe(true);
    expect(isWithin([{ pid: process.pid, started: 'another time' }], process.pid)).toBe(false);
    expect(isWithin([], process.pid)).toBe(false);
    shell.kill();
  });
});
