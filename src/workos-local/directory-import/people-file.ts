import { CsvError, parse } from 'csv-parse/sync';
import { isEmailAddress } from '../kit/email-address.ts';
import { invalidRequest, type Problem } from '../kit/errors.ts';
import { enterpriseExtension, type ScimUser } from '../scim/scim-user.ts';

/** A line of the file. */
export interface ImportedPerson {
  readonly user: ScimUser & { readonly userName: string };
  /** Null when the file has no such column. */
  readonly groups: readonly string[] | null;
}

/** The columns, each with the other names people give it. `email` is the one that must be there. */
const columns = {
  email: ['email', 'email_address', 'mail'],
  id: ['id', 'idp_id', 'external_id', 'user_id'],
  username: ['username', 'user_name', 'login'],
  first_name: ['first_name', 'given_name', 'firstname'],
  last_name: ['last_name', 'family_name', 'surname', 'lastname'],
  name: ['name', 'display_name', 'full_name'],
  job_title: ['job_title', 'title'],
  department: ['department', 'department_name'],
  division: ['division', 'division_name'],
  cost_center: ['cost_center', 'cost_center_name'],
  employee_number: ['employee_number', 'employee_id'],
  employee_type: ['employee_type'],
  organization: ['organization', 'company'],
  active: ['active', 'state', 'status'],
  groups: ['groups', 'group'],
} as const;

type Column = keyof typeof columns;

const mostProblems = 20;
const yes = ['', 'true', 'yes', '1', 'active'];
const no = ['false', 'no', '0', 'inactive', 'suspended', 'deleted'];

/** @throws ApiError 422 with every problem and its line */
export function parsePeople(csvText: string): ImportedPerson[] {
  const problems: Problem[] = [];
  const complain = (line: number, code: string, message: string) =>
    problems.push({ code, field: `line ${line}`, message: `Line ${line}: ${message}` });
  const [header, ...lines] = readLines(csvText);
  if (header === undefined) {
    throw invalidRequest([{ code: 'empty_file', field: 'line 1', message: 'The file has no header line.' }]);
  }
  const places = placesOf(header.record);
  if (places.email === undefined) {
    complain(1, 'column_missing', `there must be an email column; it has ${header.record.join(', ')}.`);
  }
  const seen = new Map<string, number>();
  const people = lines.map(({ record, line }) => {
    const value = (column: Column) => record[places[column] ?? -1]?.trim() ?? '';
    const email = value('email');
    if (places.email !== undefined && !isEmailAddress(email)) {
      complain(
        line,
        'invalid_email',
        `${email === '' ? 'there is no e-mail address' : `${email} is no e-mail address`}.`,
      );
    }
    const username = value('username') === '' ? email : value('username');
    const twin = seen.get(username.toLowerCase());
    if (twin !== undefined) complain(line, 'double', `${username} is on line ${twin} already.`);
    seen.set(username.toLowerCase(), line);
    const active = value('active').toLowerCase();
    if (!yes.includes(active) && !no.includes(active)) {
      complain(line, 'invalid_state', `active must be true or false, not ${active}.`);
    }
    return {
      user: scimUserOf(value, email, username, yes.includes(active)),
      groups: places.groups === undefined ? null : groupsOf(value('groups')),
    };
  });
  if (problems.length > 0) throw invalidRequest(problems.slice(0, mostProblems));
  return people;
}

interface Line {
  readonly record: readonly string[];
  /** Counted from 1, as editors do. */
  readonly line: number;
}

function readLines(csvText: string): Line[] {
  try {
    const rows = parse(csvText.replaceAll('\0', '\u{fffd}'), {
      bom: true,
      delimiter: delimiterOf(csvText),
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return rows.map(({ record, info }) => ({ record, line: info.lines }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw invalidRequest([{ code: 'invalid_csv', field: 'file', message: error.message }]);
  }
}

/** Spreadsheets write the separator of their country: it is the one the header has most of. */
function delimiterOf(csvText: string): string {
  const [header = ''] = csvText.split(/[\r\n]/, 1);
  const count = (delimiter: string) => header.split(delimiter).length;
  return [';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best), ',');
}

function placesOf(header: readonly string[]): Partial<Record<Column, number>> {
  const names = header.map((name) =>
    name
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  );
  const places: Partial<Record<Column, number>> = {};
  for (const [column, aliases] of Object.entries(columns)) {
    const place = names.findIndex((name) => (aliases as readonly string[]).includes(name));
    if (place >= 0) places[column as Column] = place;
  }
  return places;
}

function scimUserOf(
  value: (column: Column) => string,
  email: string,
  userName: string,
  active: boolean,
): ImportedPerson['user'] {
  const some = (column: Column) => (value(column) === '' ? undefined : value(column));
  const name = defined({ givenName: some('first_name'), familyName: some('last_name') });
  const extension = defined({
    department: some('department'),
    division: some('division'),
    costCenter: some('cost_center'),
    employeeNumber: some('employee_number'),
    organization: some('organization'),
  });
  return {
    schemas: [
      'urn:ietf:params:scim:schemas:core:2.0:User',
      ...(extension === undefined ? [] : [enterpriseExtension]),
    ],
    userName,
    active,
    emails: [{ value: email, type: 'work', primary: true }],
    ...defined({
      externalId: some('id'),
      name,
      displayName: some('name'),
      title: some('job_title'),
      userType: some('employee_type'),
      [enterpriseExtension]: extension,
    }),
  } as ImportedPerson['user'];
}

/** Without what is undefined; undefined when nothing is left. */
function defined(values: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function groupsOf(text: string): string[] {
  const names = text.split(/[|;,]/).map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ''))];
}
