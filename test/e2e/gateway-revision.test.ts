import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerJson, type Envelope, envelopeOf, Kosmo, TestApi } from './kosmo.ts';

/** What the revision of 2026-07-28 has that those before it have not, as it goes over the wire. */
const revision = '2026-07-28';

let api: TestApi;
let kosmo: Kosmo;
let first: Serving;
let second: Serving;
beforeAll(async () => {
  api = await TestApi.open((_, response) =>
    answerJson(response, 201, { object: 'organization', id: 'org_1' }),
  );
  kosmo = new Kosmo({ WORKOS_API_KEY: 'sk_example_1234', WORKOS_BASE_URL: api.url });
  [first, second] = await Promise.all([serve(), serve()]);
});
afterAll(async () => {
  await Promise.all([first.stop(), second.stop()]);
  api.close();
  kosmo.remove();
});

const run = (code: string) => ({ name: 'execute_lua', arguments: { code } });
const create = run('return app.integrations.workos.create_organization{ name = "A" }.id');
const asking = { elicitation: { form: {} } };

describe('by the revision of 2026-07-28', () => {
  it('what a gateway is can be asked without a handshake', async () => {
    const { result } = await first.ask('server/discover', {});
    expect(result).toMatchObject({
      supportedVersions: expect.arrayContaining([revision]) as string[],
      capabilities: { tools: {} },
      instructions: expect.stringContaining('lua_search_docs') as string,
    });
    expect(JSON.stringify(result._meta)).toContain('"kosmo"');
  });

  it('each request stands alone: no session, whichever gateway it comes to', async () => {
    for (const gateway of [first, second, first]) {
      const { result, session } = await gateway.ask('tools/call', run('return 7'));
      expect(result).toMatchObject({ resultType: 'complete', structuredContent: { result: 7 } });
      expect(session).toBeNull();
    }
  });

  it('the list of tools may be kept for a while', async () => {
    const { result } = await first.ask('tools/list', {});
    expect(result).toMatchObject({ resultType: 'complete', ttlMs: 300_000, cacheScope: 'private' });
  });

  it('a question to the user is a result, and another process goes on with the answer', async () => {
    const sentBefore = api.received.length;
    const { result } = await first.ask('tools/call', create, asking);
    expect(result).toMatchObject({
      resultType: 'input_required',
      inputRequests: { approval: { method: 'elicitation/create' } },
    });
    expect(result.inputRequests.approval.params.message).toContain('"name": "A"');
    expect(api.received.length).toBe(sentBefore);
    const answered = {
      ...create,
      requestState: result.requestState,
      inputResponses: { approval: { action: 'accept', content: {} } },
    };
    const done = await second.ask('tools/call', answered, asking);
    expect(done.result.structuredContent.result).toBe('org_1');
    expect(api.received.length).toBe(sentBefore + 1);
    // An answer holds once.
    const again = await first.ask('tools/call', answered, asking);
    expect(again.result.structuredContent.error).toMatchObject({ code: 'unknown_approval' });
    expect(api.received.length).toBe(sentBefore + 1);
  });

  it('an answer is bound to its question: not to another program, not invented, not for a terminal’s approval', async () => {
    const sentBefore = api.received.length;
    const { result } = await first.ask('tools/call', create, asking);
    const accept = { approval: { action: 'accept', content: {} } };
    const other = await first.ask(
      'tools/call',
      {
        ...run('return app.integrations.workos.delete_organization{ id = "org_1" }'),
        requestState: result.requestState,
        inputResponses: accept,
      },
      asking,
    );
    expect(other.result.structuredContent.error).toMatchObject({ code: 'unknown_approval' });
    const invented = await first.ask(
      'tools/call',
      { ...create, requestState: 'apr_000000000000000000', inputResponses: accept },
      asking,
    );
    expect(invented.result.structuredContent.error).toMatchObject({ code: 'unknown_approval' });
    // A client that cannot ask was sent to a terminal; that it says it has asked is worth nothing.
    const silent = await first.ask('tools/call', create);
    const { approval } = silent.result.structuredContent.error.details;
    const claimed = await first.ask(
      'tools/call',
      { ...create, requestState: approval, inputResponses: accept },
      asking,
    );
    expect(claimed.result.structuredContent.error).toMatchObject({ code: 'approval_required' });
    expect(api.received.length).toBe(sentBefore);
  });

  it('another revision is refused with those that are spoken', async () => {
    const { status, error } = await first.ask('tools/list', {}, {}, '2031-01-01');
    expect([status, error.code]).toEqual([400, -32022]);
    expect(error.data).toMatchObject({
      supported: expect.arrayContaining([revision]) as string[],
      requested: '2031-01-01',
    });
  });

  it('changes can be listened to, and what a listener asked for is acknowledged first', async () => {
    const response = await first.send('subscriptions/listen', { notifications: { toolsListChanged: true } });
    const reader = response.body?.getReader();
    const chunk = await reader?.read();
    expect(new TextDecoder().decode(chunk?.value)).toContain('notifications/subscriptions/acknowledged');
    await reader?.cancel();
  });
});

interface Serving {
  readonly child: ChildProcessWithoutNullStreams;
  send(method: string, params: object, capabilities?: object, version?: string): Promise<Response>;
  ask(method: string, params: object, capabilities?: object, version?: string): Promise<Envelope>;
  stop(): Promise<void>;
}

async function serve(): Promise<Serving> {
  const child = kosmo.start(['mcp:serve', '--http', '--port', '0', '--json', '--write=ask']);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = String(envelopeOf(line.toString())['url']);
  const send: Serving['send'] = (method, params, capabilities = {}, version = revision) => {
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': version,
      'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': capabilities,
    };
    const name = 'name' in params ? { 'mcp-name': String(params.name) } : {};
    return fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': version,
        'mcp-method': method,
        ...name,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } }),
    });
  };
  return {
    child,
    send,
    async ask(...asked) {
      const response = await send(...asked);
      const answer = (await response.json()) as Envelope;
      return { status: response.status, session: response.headers.get('mcp-session-id'), ...answer };
    },
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'close');
    },
  };
}
