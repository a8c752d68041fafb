import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/sqlite/index.ts';
import { type Answer, connect, connectOld, type Person } from './gateway-clients.ts';
import { answerJson, binary, type Envelope, Kosmo, repository, TestApi } from './kosmo.ts';

const script = '/usr/bin/script';
const hasTerminal = process.platform === 'linux' && existsSync(script);
const secret = 'sk_test_planted_9f86d081884c7d65';

let api: TestApi;
let kosmo: Kosmo;
beforeAll(async () => {
  let ids = 0;
  api = await TestApi.open(({ method, body }, response) => {
    if (method === 'GET')
      return answerJson(response, 200, {
        object: 'list',
        data: [],
        list_metadata: { before: null, after: null },
      });
    ids += 1;
    const { name = 'none' } = JSON.parse(body === '' ? '{}' : body) as { name?: string };
    answerJson(response, 201, { object: 'organization', id: `org_${ids}`, name });
  });
});
afterAll(() => api.close());
beforeEach(() => {
  kosmo = new Kosmo({ WORKOS_API_KEY: secret, WORKOS_BASE_URL: api.url });
  api.received.length = 0;
});
afterEach(() => kosmo.remove());

const names = (...all: string[]) => `{ ${all.map((name) => `"${name}"`).join(', ')} }`;
const sent = () =>
  api.received
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => (JSON.parse(body) as Envelope)['name'] as string);
const create = (name: string) => `app.integrations.workos.create_organization{ name = ${name} }`;
const program = `
local made = {}
local before = #app.integrations.workos.list_organizations{}.data
for _, name in ipairs${names('First', 'Second')} do made[#made + 1] = ${create('name')}.name end
return { before = before, made = made, lucky = math.random(1000000), at = os.time() }`;

const approvalOf = ({ data }: Answer) => String((data['error'] as Envelope)['details'].approval);

/** Runs the command on a terminal of its own, where somebody types. */
async function atTerminal(args: readonly string[], typed: string, more: Record<string, string> = {}) {
  const words = [process.execPath, binary, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn(script, ['-qefc', words, '/dev/null'], {
    env: { ...kosmo.environment(more), TERM: 'xterm' },
    cwd: repository,
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (shown.includes('[n]o: ') || !(shown + text).includes('[n]o: ')) shown += text;
    else {
      shown += text;
      child.stdin.write(`${typed}\r`);
    }
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, shown };
}

describe('a write that a person is to approve', () => {
  const clients = [
    ['the client of today', (person: Person) => connect(kosmo, ['--write=ask'], { person })],
    [
      'the client of today, speaking an older revision',
      (person: Person) => connect(kosmo, ['--write=ask'], { person, mode: 'legacy' }),
    ],
    ['the client of the years before', (person: Person) => connectOld(kosmo, ['--write=ask'], { person })],
  ] as const;

  it.each(clients)('is shown by %s, and sent when its user says so, once', async (_, open) => {
    const asked: string[] = [];
    const client = await open((message) => {
      asked.push(message);
      expect(sent()).toHaveLength(asked.length - 1);
      return 'accept';
    });
    const { data, text } = await client.lua(program);
    expect(data['result']).toMatchObject({ before: 0, made: ['First', 'Second'] });
    expect(text).toContain('"made":["First","Second"]');
    expect(asked).toHaveLength(2);
    expect(asked[0]).toContain(
      `workos.workos_organizations_create (write, account default)\nPOST ${api.url}/organizations`,
    );
    expect(asked[0]).toContain('"name": "First"');
    expect(asked[1]).toContain('"name": "Second"');
    expect(sent()).toEqual(['First', 'Second']);
    // What the program had read is not read again.
    expect(api.received.filter(({ method }) => method === 'GET')).toHaveLength(1);
    expect(asked.join('')).not.toContain(secret);
    await client.close();
  });

  it.each(clients)('is not sent when %s says no: the program is told', async (_, open) => {
    const client = await open((message) => (message.includes('First') ? 'decline' : 'accept'));
    const code = `local ok, e = pcall(function() ${create('"First"')} end) return { ok, e.code, ${create('"Second"')}.name }`;
    expect((await client.lua(code)).data['result']).toEqual([false, 'denied', 'Second']);
    expect(sent()).toEqual(['Second']);
    await client.close();
  });

  it('is left to a terminal when the question is closed without an answer', async () => {
    const client = await connect(kosmo, ['--write=ask'], { person: () => 'cancel' });
    const answer = await client.lua(program);
    expect(answer).toMatchObject({ isError: true, data: { error: { code: 'approval_required' } } });
    expect(answer.text).toContain(`kosmo approvals:approve ${approvalOf(answer)}`);
    expect(sent()).toEqual([]);
    await client.close();
  });

  it('is asked for together with those that wait at the same time', async () => {
    let asked = 0;
    const client = await connect(kosmo, ['--write=ask'], {
      person: () => {
        asked += 1;
        return 'accept';
      },
    });
    const code = `local made = parallel.map(${names('A', 'B', 'C')}, function(name) return ${create('name')}.name end) return table.concat(made)`;
    expect((await client.lua(code)).data['result']).toBe('ABC');
    expect(asked).toBe(1);
    expect(sent().sort()).toEqual(['A', 'B', 'C']);
    await client.close();
  });

  it('cannot be got past by a program that catches what it is told', async () => {
    const client = await connect(kosmo, ['--write=ask']);
    const answer = await client.lua(`while true do pcall(function() ${create('"X"')} end) end`);
    expect(answer.data['error']).toMatchObject({ code: 'approval_required' });
    expect(sent()).toEqual([]);
    await client.close();
  });

  it('is asked for whatever the account allows, on the local server too', async () => {
    const client = await connect(kosmo, ['--local', '--write=ask']);
    expect((await client.lua(create('"X"'))).data['error']).toMatchObject({ code: 'approval_required' });
    await client.close();
  });
});

// Each of these starts several processes.
describe('an approval', { timeout: 120_000 }, () => {
  it.runIf(hasTerminal)(
    'is given in a terminal, and used by another process, after the one that asked has ended',
    async () => {
      const first = await connect(kosmo, ['--write=ask'], { apart: true });
      const answer = await first.lua(program);
      await first.close();
      const id = approvalOf(answer);
      expect(answer.text).toContain('POST');
      expect(answer.text).toContain(`resume = "${id}"`);
      expect((await kosmo.run(['approvals:list'])).stdout).toContain(id);

      const { shown, status } = await atTerminal(['approvals:approve', id], 'y');
      expect([status, shown]).toEqual([0, expect.stringContaining('"name": "First"')]);
      expect(shown).toContain('test-client 1.2.3 asks to send:');
      expect(shown).not.toContain(secret);

      const second = await connect(kosmo, ['--write=ask'], { person: () => 'accept' });
      const done = await second.call('execute_lua', { resume: id });
      // The second write was never approved in the terminal: this client's user is asked.
      expect(done.data['result']).toMatchObject({ made: ['First', 'Second'] });
      expect(sent()).toEqual(['First', 'Second']);

      const again = await second.call('execute_lua', { resume: id });
      expect(again.data['error']).toMatchObject({ code: 'unknown_approval' });
      expect(again.text).toContain('was used already');
      expect(sent()).toHaveLength(2);
      await second.close();
      const { stdout } = await kosmo.run(['approvals:list', '--all', '--json']);
      expect((JSON.parse(stdout) as Envelope)['approvals'].map(({ state }: Envelope) => state)).toEqual([
        'used',
        'used',
      ]);
    },
  );

  it.runIf(hasTerminal)(
    'runs the program as it was: the same random numbers, the same time, nothing sent twice',
    async () => {
      const client = await connect(kosmo, ['--write=ask'], { apart: true });
      const code = `local lucky, at = math.random(1000000), os.time() ${create('"N" .. lucky')} ${create('"M" .. lucky')} return { lucky, at }`;
      const first = approvalOf(await client.lua(code));
      await atTerminal(['approvals:approve', first], 'y');
      await delay(1_100);
      const second = approvalOf(await client.call('execute_lua', { resume: first }));
      expect(sent()).toHaveLength(1);
      await atTerminal(['approvals:approve', second], 'y');
      const { data } = await client.call('execute_lua', { resume: second });
      const [lucky, at] = data['result'] as [number, number];
      expect(sent()).toEqual([`N${lucky}`, `M${lucky}`]);
      expect(Date.now() / 1000 - at).toBeGreaterThan(1);
      await client.close();
    },
  );

  it('can be denied, and then the program goes on without', async () => {
    const client = await connect(kosmo, ['--write=ask'], { apart: true });
    const id = approvalOf(
      await client.lua(`local ok, e = pcall(function() ${create('"X"')} end) return e.code`),
    );
    expect((await kosmo.run(['approvals:deny', id])).status).toBe(0);
    expect((await client.call('execute_lua', { resume: id })).data['result']).toBe('denied');
    expect((await kosmo.run(['approvals:deny', id])).stderr).toContain('was used already');
    expect(sent()).toEqual([]);
    await client.close();
  });

  it('is waited for by an agent that goes on before it is decided', async () => {
    const client = await connect(kosmo, ['--write=ask'], { apart: true });
    const code = `local ok, e = pcall(function() ${create('"X"')} end) return e.code`;
    const id = approvalOf(await client.lua(code));
    const waiting = client.call('execute_lua', { resume: id });
    await delay(1_000);
    await kosmo.run(['approvals:deny', id]);
    expect((await waiting).data['result']).toBe('denied');
    await client.close();
  });

  it('is used by one only, of several that try at once', async () => {
    const client = await connect(kosmo, ['--write=ask'], { apart: true });
    const id = approvalOf(
      await client.lua(`local ok, e = pcall(function() ${create('"X"')} end) return e.code`),
    );
    await kosmo.run(['approvals:deny', id]);
    const all = await Promise.all(
      Array.from({ length: 5 }, () => client.call('execute_lua', { resume: id })),
    );
    expect(all.filter(({ isError }) => !isError)).toHaveLength(1);
    await client.close();
  });

  it('is not to be had by an agent: not without a terminal, not in one that the client has opened', async () => {
    const client = await connect(kosmo, ['--write=ask']);
    const id = approvalOf(await client.lua(create('"X"')));
    const piped = await kosmo.run(['approvals:approve', id], 'y\n');
    expect([piped.status, piped.stderr]).toEqual([3, expect.stringContaining('Only a person at a terminal')]);
    if (hasTerminal) {
      // This test has started the gateway, as a client does, and now opens a terminal, as an agent with a shell does.
      const { status, shown } = await atTerminal(['approvals:approve', id], 'y');
      expect([status, shown]).toEqual([3, expect.stringContaining('opened by the program that asks')]);
      const said = await atTerminal(['approvals:approve', id], 'y', { CLAUDECODE: '1' });
      expect(said.shown).toContain('CLAUDECODE says that an agent runs this');
    }
    const still = kosmo.run(['approvals:list', '--json']);
    expect((JSON.parse((await still).stdout) as Envelope)['approvals']).toMatchObject([
      { id, state: 'pending' },
    ]);
    await client.close();
  });

  it('is not made by writing to the database, nor moved to another run', async () => {
    const client = await connect(kosmo, ['--write=ask']);
    const [denied, wanted] = [
      approvalOf(await client.lua(create('"A"'))),
      approvalOf(await client.lua(create('"B"'))),
    ];
    await kosmo.run(['approvals:deny', denied]);
    const database = Database.open(join(kosmo.home, 'kosmo/approvals.db'));
    const decision = database.get<{ decision: string }>('SELECT decision FROM approval WHERE id = ?', [
      denied,
    ])?.decision;
    database.run(`UPDATE approval SET state = 'decided', decision = ? WHERE id = ?`, [
      decision ?? '',
      wanted,
    ]);
    database.close();
    // It waits for somebody to decide, for a while.
    const waiting = client.call('execute_lua', { resume: wanted }, { signal: AbortSignal.timeout(1_000) });
    await expect(waiting).rejects.toThrow();
    expect(sent()).toEqual([]);
    await client.close();
  });

  it('is bound to its program', async () => {
    const client = await connect(kosmo, ['--write=ask']);
    const id = approvalOf(await client.lua(create('"A"')));
    await kosmo.run(['approvals:deny', id]);
    const both = await client.call('execute_lua', { resume: id, code: 'return 1' });
    expect(both.text).toContain('it takes code or resume, not both');
    const dry = await client.call('execute_lua', { resume: id, dry_run: true });
    expect(dry.text).toContain('it takes no dry_run');
    expect((await client.call('execute_lua', { resume: 'apr_nothing' })).text).toContain(
      'There is no approval apr_nothing.',
    );
    await client.close();
    const denying = await connect(kosmo, []);
    expect((await denying.call('execute_lua', { resume: id })).data['error']).toMatchObject({
      code: 'denied',
    });
    await denying.close();
  });

  it('lies on the disk with no secret, and nothing of what it would send in the clear', async () => {
    const client = await connect(kosmo, ['--write=ask']);
    await client.lua(create('"Confidential Ltd"'));
    await client.close();
    for (const name of readdirSync(kosmo.home, { recursive: true, encoding: 'utf8' })) {
      const path = join(kosmo.home, name);
      const text = existsSync(path) && !name.endsWith('kosmo') ? contentOf(path) : '';
      expect([name, text.includes(secret)]).toEqual([name, false]);
      if (name.includes('approvals')) expect(text).not.toContain('Confidential');
    }
  });
});

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
