import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localAccount } from '../../index.ts';
import { FileClient } from '../../testing/file-client.ts';
import { Chance } from '../../testing/odd-values.ts';
import { checkTemplate, renderTemplate, type TemplateContext } from './render.ts';
import { parseTemplate, TemplateError } from './template.ts';

const about: TemplateContext = {
  user: {
    id: 'user_1',
    email: 'ada@example.com',
    first_name: 'Ada',
    last_name: null,
    email_verified: true,
    metadata: { team: 'blue', level: '3' },
  },
  organization: { id: 'org_1', name: ' Northwind ', metadata: {}, domains: [] },
  organization_membership: { role: { slug: 'admin' }, custom_attributes: { floor: 2, tags: ['a'] } },
};

function render(text: string, context = about) {
  const template = parseTemplate(text);
  checkTemplate(template);
  return renderTemplate(template, context);
}

describe('a template', () => {
  it.each([
    ['{"a": {{ user.email }}}', { a: 'ada@example.com' }],
    ['{"a": "{{user.first_name}} of {{ organization.name }}"}', { a: 'Ada of  Northwind' }],
    ['{"a": {{ organization.name }}}', { a: 'Northwind' }],
    ['{"a": {{ user.last_name || user.first_name }}}', { a: 'Ada' }],
    [`{"a": {{ user.last_name || 'nobody' }}}`, { a: 'nobody' }],
    [`{"a": "{{ user.last_name || "it's" }}!"}`, { a: "it's!" }],
    ['{"a": {{ user.metadata }}}', { a: { team: 'blue', level: '3' } }],
    ['{"a": {{ user.metadata.team }}, "b": {{ user.metadata.none }}}', { a: 'blue' }],
    ['{"a": "{{ user.last_name }}"}', { a: '' }],
    [
      '{"a": {"b": {{ user.last_name }}, "c": [{{ user.id }}, 1.5, true, null]}}',
      {
        a: { b: null, c: ['user_1', 1.5, true, null] },
      },
    ],
    ['{"a": {{ user.email_verified }}, "b": "\\u00e9\\n{{user.id}}"}', { a: true, b: 'é\nuser_1' }],
    ['{"a": {{ organization_membership.custom_attributes.floor }}}', { a: 2 }],
    ['{"a": {{ organization_membership.role.slug }}, "__proto__x": "y"}', { a: 'admin', __proto__x: 'y' }],
    ['{"a": "  plain  ", "b": null}', { a: 'plain' }],
  ])('%s renders', (text, claims) => {
    expect(render(text)).toEqual(claims);
  });

  it('leaves out what no organization says', () => {
    const alone = { ...about, organization: null, organization_membership: null };
    expect(render('{"a": {{ organization.name }}, "b": {{ user.id }}}', alone)).toEqual({ b: 'user_1' });
  });

  it.each([
    ['[ {{ user.email }} ]', 'Template must render to an object'],
    ['{{ user.metadata }}', 'Template must render to an object'],
    ['{}', 'Template must render to an object'],
    ['{ "iss": {{ user.email }} }', 'Keys reserved: iss'],
    ['{ "a": "{{ user.metadata }}" }', 'cannot contain object reference'],
    ['{ "a": "{{ user }}" }', 'cannot contain object reference'],
    ['{ "a": {{ user.email && user user }} }', 'Invalid expression segment'],
    ['{ "a": {{ user.email || || user.email }} }', 'Invalid expression segment'],
    ['{ "a": {{ user.id ', "missing '}}'"],
    ['{ "a": {{}} }', 'Expression cannot be empty'],
    ['{ "a": {{ unknown.variable }} }', 'Invalid path: "unknown.variable"'],
    ['{ "a": {{ user.password_hash }} }', 'Invalid path'],
    ['{ "a": {{ user.email.length }} }', 'Invalid path'],
    ['{ "a": {{ constructor.name }} }', 'Invalid path'],
    ['{ "{{user.id}}": 1 }', 'A key cannot contain an expression'],
    ['{ "a": 1 ', 'unexpected the end'],
    ['{ "a": 1 } x', "unexpected 'x'"],
    ['{ "a": "open }', 'a string is not closed'],
    ['{ "a": "bad \\x" }', 'a character it may not have'],
    [`{ "a": ${'['.repeat(40)}${']'.repeat(40)} }`, 'up to 32 levels'],
  ])('%s is none', (text, problem) => {
    expect(() => render(text)).toThrow(TemplateError);
    expect(() => render(text)).toThrow(problem);
  });

  it('of any pieces whatever renders or says what is wrong', () => {
    const chance = new Chance(7);
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      '{{',
      '}}',
      '"',
      'user.',
      'email',
      '||',
      ':',
      ',',
      ' ',
      '\\',
      "'",
      '1',
      'null',
    ];
    for (let round = 0; round < 5000; round += 1) {
      const text = Array.from({ length: 1 + Math.floor(chance.next() * 14) }, () => chance.pick(pieces)).join(
        '',
      );
      try {
        expect(JSON.stringify(render(`{"a": ${text}}`))).toBeTypeOf('string');
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateError);
      }
    }
  });
});

describe('the template of an environment', () => {
  let client: FileClient;
  beforeAll(() => {
    client = FileClient.open();
  });
  afterAll(() => {
    client.close();
  });
  const path = '/user_management/jwt_template';
  const put = (content: string) => client.put(path, { content });

  it('is not there, then kept, and changes when it does', async () => {
    expect((await client.get(path)).status).toBe(404);
    const first = (await put('{"a": {{ user.id }}}')).body;
    client.clock.advance(1000);
    expect((await put('{"a": {{ user.id }}}')).body).toEqual(first);
    const second = (await put('{"b": {{ user.id }}}')).body;
    expect(second).toMatchObject({ created_at: first.created_at, content: '{"b": {{ user.id }}}' });
    expect(second.updated_at > first.updated_at).toBe(true);
    expect(await put('{"a": {{ nobody.id }}}')).toMatchObject({
      status: 422,
      body: { code: 'invalid_request_parameters', message: 'Invalid path: "nobody.id"' },
    });
    expect((await client.get(path)).body).toEqual(second);
  });

  it('makes claims of access tokens, and no token when they are too big for a cookie', async () => {
    const password = 'seven quiet rivers';
    const email = 'ada@templates.example';
    await client.post('/user_management/users', {
      email,
      password,
      email_verified: true,
      first_name: 'Ada',
      metadata: { long: 'x'.repeat(600) },
    });
    const authenticate = () =>
      client.post('/user_management/authenticate', {
        client_id: localAccount.clientId,
        client_secret: localAccount.apiKey,
        grant_type: 'password',
        email,
        password,
      });
    await put('{"urn:app:name": "{{ user.first_name }} {{ user.last_name }}", "org": {{ organization.id }}}');
    const claims = decodeJwt((await authenticate()).body.access_token);
    expect(claims).toMatchObject({ 'urn:app:name': 'Ada', sub: expect.stringMatching(/^user_/) });
    expect(claims).not.toHaveProperty('org');
    const many = Array.from({ length: 6 }, (_, at) => `"k${at}": {{ user.metadata.long }}`);
    await put(`{${many.join(',')}}`);
    const before = await client.events();
    expect(await authenticate()).toMatchObject({ status: 400, body: { error: 'token_too_big' } });
    expect(await client.events()).toEqual(before);
  });
});
