import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '../kit/errors.ts';
import { createDirectory } from '../resources/directories/directory.ts';
import { FileClient } from '../testing/file-client.ts';
import type { Json } from '../testing/local-client.ts';
import { importDirectory } from './import-directory.ts';

let client: FileClient;
let directoryId: string;
beforeEach(async () => {
  client = FileClient.open();
  const { body } = await client.post('/organizations', { name: 'Imported' });
  directoryId = client.act(
    (context) => createDirectory(context, { organizationId: body.id, type: 'sftp' }).row.id,
  );
});
afterEach(() => client.close());

const load = (text: string) => client.act((context) => importDirectory(context, directoryId, text));
const users = async (): Promise<Json[]> =>
  (await client.get(`/directory_users?directory=${directoryId}&order=asc`)).body.data;
const told = async () =>
  (await client.events()).filter(({ data }) => data.directory_id === directoryId).map(({ event }) => event);

function problemsOf(text: string): unknown[] {
  try {
    load(text);
  } catch (error) {
    if (error instanceof ApiError && 'errors' in error.body) return [...(error.body.errors ?? [])] as Json[];
    throw error;
  }
  throw new Error('The file was taken.');
}
const messages = (text: string) => problemsOf(text).map((problem) => (problem as Json).message);

const file = [
  'Email,ID,First name,Last name,Title,Department,Groups',
  'ada@northwind.example,e-1,Ada,Ford,Engineer,Engines,Engineering;Everyone',
  '"bob@northwind.example",e-2,Bob,"O’Neil, Jr.",,,Everyone',
].join('\n');

describe('importing people from a CSV file', () => {
  it('makes directory users, their groups and the events of both', async () => {
    expect(load(file)).toEqual({
      directory_id: directoryId,
      users: { created: 2, updated: 0, unchanged: 0 },
      groups: { created: 2 },
      memberships: { added: 3, removed: 0 },
    });
    expect(await users()).toMatchObject([
      {
        idp_id: 'e-1',
        email: 'ada@northwind.example',
        first_name: 'Ada',
        custom_attributes: { job_title: 'Engineer', department_name: 'Engines' },
        groups: [{ name: 'Engineering' }, { name: 'Everyone' }],
      },
      { idp_id: 'e-2', last_name: 'O’Neil, Jr.', job_title: null, groups: [{ name: 'Everyone' }] },
    ]);
    expect(await told()).toEqual([
      'dsync.user.created',
      'dsync.group.created',
      'dsync.group.created',
      'dsync.group.user_added',
      'dsync.group.user_added',
      'dsync.user.created',
      'dsync.group.user_added',
    ]);
  });

  it('changes nothing the second time, and what is different the third', async () => {
    load(file);
    const events = (await told()).length;
    expect(load(file)).toMatchObject({
      users: { created: 0, updated: 0, unchanged: 2 },
      memberships: { added: 0, removed: 0 },
    });
    expect((await told()).length).toBe(events);
    const moved = file.replace('Engineering;Everyone', 'Sales').replace('Ada,Ford', 'Ada,Byron');
    expect(load(moved)).toMatchObject({
      users: { updated: 1, unchanged: 1 },
      groups: { created: 1 },
      memberships: { added: 1, removed: 2 },
    });
  });

  it('switches people off and on, and leaves alone who is not in the file', async () => {
    load(file);
    load('email;id;active\nada@northwind.example;e-1;no\n');
    expect((await users()).map(({ idp_id }) => idp_id)).toEqual(['e-2']);
    load('\ufeffemail\tid\tstatus\r\nada@northwind.example\te-1\tactive\r\n');
    const [, ada] = await users();
    expect([ada.idp_id, ada.groups.map(({ name }: Json) => name)]).toEqual([
      'e-1',
      ['Engineering', 'Everyone'],
    ]);
  });

  it('tells every problem with its line, and then changes nothing', async () => {
    expect(messages('')).toEqual(['The file has no header line.']);
    expect(messages('name\nAda')[0]).toBe('Line 1: there must be an email column; it has name.');
    expect(messages('email,active\nada\nBOB@x.example,true\nbob@x.example,perhaps\n')).toHaveLength(1);
    expect(messages('email,active\nada,\nBOB@x.example,true\nbob@x.example,perhaps\n')).toEqual([
      'Line 2: ada is no e-mail address.',
      'Line 4: BOB@x.example is on line 3 already.'.replace('BOB', 'bob'),
      'Line 4: active must be true or false, not perhaps.',
    ]);
    expect(messages('email\n"ada')[0]).toMatch(/quote/i);
    expect(await users()).toEqual([]);
    expect(() => client.act((context) => importDirectory(context, 'directory_none', file))).toThrow(
      'Directory not found',
    );
  });

  it('meets the users a provider has sent over SCIM, by id or by user name', async () => {
    load('email,username,first_name\nada@northwind.example,ada,Ada\n');
    load('email,username,id,first_name\nada@northwind.example,ADA,e-1,Augusta\n');
    expect(await users()).toMatchObject([{ idp_id: 'e-1', first_name: 'Augusta', username: 'ADA' }]);
  });
});
