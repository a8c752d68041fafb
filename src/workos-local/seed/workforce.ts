import type { Context } from '../kit/context.ts';
import { createConnection } from '../resources/connections/connection.ts';
import { createDirectory } from '../resources/directories/directory.ts';
import { addDirectoryGroup, setMembers } from '../resources/directory-groups/directory-group.ts';
import { addDirectoryUser } from '../resources/directory-users/directory-user.ts';
import { providedUser, type ScimUser } from '../scim/scim-user.ts';

/** Opens the seeded directory's SCIM endpoint. Public on purpose, as the local account's key is. */
export const seededDirectoryToken = 'scim_test_localhost';

const people: readonly { readonly user: ScimUser; readonly groups: readonly string[] }[] = [
  person('hl-0001', 'Mara', 'Lindqvist', 'Head of Robotics', ['Everyone', 'Leads']),
  person('hl-0002', 'Tomas', 'Okafor', 'Firmware Engineer', ['Everyone', 'Firmware']),
  person('hl-0003', 'Priya', 'Raman', 'Controls Engineer', ['Everyone', 'Firmware']),
];

function person(id: string, givenName: string, familyName: string, title: string, groups: string[]) {
  const userName = `${givenName.toLowerCase()}@harborlight.example`;
  return {
    user: {
      externalId: id,
      userName,
      name: { givenName, familyName },
      title,
      active: true,
      emails: [{ value: userName, type: 'work', primary: true }],
    },
    groups,
  };
}

/** What an organization with an identity provider has: a connection to sign in by, and a directory of its people. */
export function seedWorkforce(next: () => Context, organizationId: string): void {
  createConnection(next(), { organizationId, type: 'OktaSAML' });
  const { row: directory } = createDirectory(
    next(),
    { organizationId, type: 'okta scim v2.0' },
    seededDirectoryToken,
  );
  const rows = people.map(({ user, groups }) => ({
    row: addDirectoryUser(next(), directory, providedUser(user)),
    groups,
  }));
  for (const name of new Set(people.flatMap(({ groups }) => groups))) {
    const context = next();
    const group = addDirectoryGroup(context, directory, { idpId: null, name, raw: { displayName: name } });
    setMembers(
      context,
      group,
      rows.filter(({ groups }) => groups.includes(name)).map(({ row }) => row),
    );
  }
}
