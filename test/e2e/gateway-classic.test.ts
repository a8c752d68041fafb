import { createRequire } from 'node:module';
import { join } from 'node:path';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, connectOld, type GatewayClient } from './gateway-clients.ts';
import { answerJson, type Envelope, Kosmo, TestApi } from './kosmo.ts';

const memory = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-memory/dist/index.js');
const kosmo = new Kosmo();
let all: GatewayClient;
beforeAll(async () => {
  const env = `MEMORY_FILE_PATH=${join(kosmo.home, 'memory.json')}`;
  await kosmo.run(['mcp:add', 'memory', '--env', env, '--', process.execPath, memory]);
  await kosmo.run(['mcp:add', 'gone', '--', 'no-such-program']);
  all = await connectOld(kosmo, ['--local', '--classic', '--write=allow']);
});
afterAll(async () => {
  await all.close();
  kosmo.remove();
});

const namesOf = async (client: GatewayClient) => (await client.tools()).map(({ name }) => name);

describe('each function as a tool of its own', () => {
  it('has its name, the schema of its arguments, and says what it does to data', async () => {
    const tools = await all.tools();
    expect(tools.length).toBeGreaterThan(172);
    expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
    for (const { name, inputSchema } of tools) {
      expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
      expect(inputSchema).toMatchObject({ type: 'object' });
    }
    const byName = new Map(tools.map((tool) => [tool.name, tool]));
    expect(byName.get('integration__workos__list_organizations')).toMatchObject({
      inputSchema: { properties: { limit: { maximum: 100 } } },
      annotations: { readOnlyHint: true, destructiveHint: false },
    });
    expect(byName.get('integration__workos__create_organization')?.annotations).toEqual({
      readOnlyHint: false,
      destructiveHint: false,
    });
    expect(byName.get('integration__workos__delete_organization')?.annotations).toMatchObject({
      destructiveHint: true,
    });
    // Two functions share the name list_groups: each is listed by its full one.
    expect([...byName.keys()].filter((name) => name.endsWith('__list_groups'))).toEqual([]);
    expect(byName.get('mcp__memory__create_entities')).toMatchObject({
      inputSchema: { required: ['entities'] },
      annotations: { readOnlyHint: false },
    });
  });

  it('takes more than a hundred times the room of the four tools', async () => {
    const four = await connect(kosmo, ['--local']);
    const tokens = async (client: GatewayClient) => countTokens(JSON.stringify(await client.tools()));
    expect((await tokens(all)) / (await tokens(four))).toBeGreaterThan(100);
    await four.close();
  });

  it('is called, and checked, as from a program', async () => {
    const made = await all.call('integration__workos__create_organization', { name: 'Classic' });
    expect(made.data['result']).toMatchObject({ object: 'organization', name: 'Classic' });
    expect(JSON.parse(made.text)).toMatchObject({ name: 'Classic' });
    const wrong = await all.call('integration__workos__create_organization', { nam: 'x' });
    expect(wrong).toMatchObject({ isError: true, data: { error: { code: 'invalid_arguments' } } });
    expect(wrong.text).toContain('Did you mean name?');
    const entity = { name: 'Mara', entityType: 'person', observations: ['runs it'] };
    await all.call('mcp__memory__create_entities', { entities: [entity] });
    expect((await all.call('mcp__memory__read_graph')).data['result']).toMatchObject({
      entities: [{ name: 'Mara' }],
    });
    await expect(all.call('integration__workos__nothing')).rejects.toThrow('There is no tool');
  });

  it('reads what was cut with a tool', async () => {
    const api = await TestApi.open((_, response) => {
      const data = Array.from({ length: 900 }, (_item, index) => ({ id: `user_${index}`, object: 'user' }));
      answerJson(response, 200, { object: 'list', data, list_metadata: { before: null, after: null } });
    });
    const own = new Kosmo({ WORKOS_API_KEY: 'sk_example_1234', WORKOS_BASE_URL: api.url });
    const client = await connect(own, ['--classic', '--tools', 'list_users']);
    const { data } = await client.call('integration__workos__list_users');
    const { handle } = (data['cut'] as Envelope)['result'];
    const rest = await client.call('read_result', { handle, path: 'data[900].id' });
    expect(rest.data['result']).toBe('user_899');
    expect((await client.call('read_result', { handle: 'res_x' })).data['error']).toMatchObject({
      code: 'unknown_result',
    });
    await client.close();
    api.close();
    own.remove();
  });

  it('is listed when it fits the filter, and when it may be called', async () => {
    const reading = await connect(kosmo, ['--local', '--classic', '--servers', 'none']);
    const names = await namesOf(reading);
    expect(names).toContain('integration__workos__list_organizations');
    expect(names).not.toContain('integration__workos__create_organization');
    await expect(reading.call('integration__workos__create_organization', { name: 'x' })).rejects.toThrow();
    await reading.close();
    const filtered = await connect(kosmo, [
      '--classic',
      '--write=allow',
      '--local',
      '--tools',
      'workos.*_organization',
      '--tools',
      'mcp__memory__read_*',
    ]);
    const filteredNames = await namesOf(filtered);
    expect(filteredNames).toEqual(
      expect.arrayContaining([
        'integration__workos__create_organization',
        'integration__workos__get_organization',
        'mcp__memory__read_graph',
        'read_result',
      ]),
    );
    const fitting = /^(integration__workos__.*_organization|mcp__memory__read_.*|read_result)$/;
    expect(filteredNames.filter((name) => !fitting.test(name))).toEqual([]);
    await filtered.close();
    expect((await kosmo.run(['mcp:serve', '--tools', 'x'])).stderr).toContain('--tools needs --classic.');
  });

  it('is approved as writes of a program are, in the client or by calling it again', async () => {
    const flags = ['--local', '--classic', '--write=ask', '--servers', 'none'];
    const args = { name: 'Asked' };
    const tool = 'integration__workos__create_organization';
    const asking = await connect(kosmo, flags, {
      person: (message) => (message.includes('Asked') ? 'accept' : 'decline'),
    });
    expect((await asking.call(tool, args)).data['result']).toMatchObject(args);
    expect((await asking.call(tool, { name: 'Other' })).data['error']).toMatchObject({ code: 'denied' });
    await asking.close();

    const silent = await connect(kosmo, flags);
    const first = await silent.call(tool, { name: 'Later' });
    const id = String((first.data['error'] as Envelope)['details'].approval);
    expect(first.text).toContain('call it again with the same arguments');
    const again = await silent.call(tool, { name: 'Later' });
    expect(again.text).toContain(id);
    await kosmo.run(['approvals:deny', id]);
    expect((await silent.call(tool, { name: 'Later' })).data['error']).toMatchObject({ code: 'denied' });
    // That was the answer; asked once more, it is another question.
    const anew = await silent.call(tool, { name: 'Later' });
    expect(anew.text).toContain('kosmo approvals:approve apr_');
    expect(anew.text).not.toContain(id);
    await silent.close();
  });
});
