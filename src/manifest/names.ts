import { luaKeywords } from '../support/lua-keywords.ts';

/**
 * `OrganizationsController_list` → `organizations_list`; `UserlandUsersController_get[0]` → `userland_users_get_0`;
 * `userlandUserId` → `userland_user_id`; `idempotency-key` → `idempotency_key`.
 */
export function snakeCase(name: string): string {
  return name
    .replace(/\[(\d+)\]/g, '_$1')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();
}

/** The full name: the operation id in snake_case, without `Controller`, after the integration's name. */
export function slugOf(integration: string, operationId: string): string {
  return `${integration}_${snakeCase(operationId.replace('Controller', ''))}`;
}

const droppedWords = new Set(['on', 'of', 'for', 'in', 'to', 'the', 'a', 'an']);

/** The short name: the summary's words in lower case, small words and the integration's own name left out. */
export function luaNameOf(integration: string, summary: string): string {
  return summary
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && word !== integration && !droppedWords.has(word))
    .join('_');
}

/** The longest short name that is made of a summary; a longer one is no name but a sentence. */
const longestName = 80;

/**
 * Whether a short name can stand after a dot in Lua and says what it means there: `request` is kosmo's own, and
 * `default` an account's.
 */
export function isUsableName(name: string): boolean {
  return (
    name.length <= longestName && /^[a-z_]/.test(name) && !reserved.has(name) && !luaKeywords.includes(name)
  );
}

const reserved = new Set(['request', 'default', 'localhost']);

/** The name by path and method: `GET /user_management/users/{id}` → `workos_user_management_users_get`. */
export function pathAliasOf(integration: string, method: string, path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  const fixed = segments.filter((segment) => !isPlaceholder(segment)).map(snakeCase);
  return [integration, ...fixed, verbOf(method, isPlaceholder(segments.at(-1) ?? ''))].join('_');
}

function verbOf(method: string, endsInPlaceholder: boolean): string {
  switch (method) {
    case 'GET':
    case 'HEAD':
    case 'OPTIONS':
      return endsInPlaceholder ? 'get' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
    case 'PATCH':
      return 'update';
    case 'DELETE':
      return 'delete';
    default:
      return snakeCase(method);
  }
}

function isPlaceholder(segment: string): boolean {
  return segment.startsWith('{');
}

/** `workos_organizations_list` → `WorkosOrganizationsList`. */
export function classNameOf(slug: string): string {
  return slug.replace(/(?:^|_)([a-z0-9])/g, (_, first: string) => first.toUpperCase());
}

/**
 * What a path placeholder stands for, by the segment before it: `id` in `/users/{id}` → `user_id`.
 * Null for a placeholder that names no id, or when that is its name already.
 */
export function placeholderAliasOf(path: string, placeholder: string): string | null {
  if (!/(^id$|Id$|_id$)/.test(placeholder)) return null;
  const segments = path.split('/');
  const before = segments[segments.indexOf(`{${placeholder}}`) - 1];
  if (before === undefined || before === '' || isPlaceholder(before)) return null;
  const alias = `${singular(snakeCase(before))}_id`;
  return alias === snakeCase(placeholder) ? null : alias;
}

function singular(noun: string): string {
  if (noun.endsWith('ies')) return `${noun.slice(0, -3)}y`;
  if (/(ss|sh|ch|x|z)es$/.test(noun)) return noun.slice(0, -2);
  return noun.endsWith('s') && !noun.endsWith('ss') ? noun.slice(0, -1) : noun;
}

/** How names are compared everywhere: in lower case, `-` and `_` the same. */
export function normalizeName(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}
