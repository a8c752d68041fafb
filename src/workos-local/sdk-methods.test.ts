import { readdirSync, readFileSync } from 'node:fs';
import { WorkOS } from '@workos-inc/node';
import { expect, it } from 'vitest';
import { Router } from './router.ts';
import { manifest } from './testing/document.ts';

// Which operations the methods of the official SDK ask for is read from their source: a request is a literal path
// after the name of a method, or one alone where a list is read or a URL made.
const request = /(?:\.(get|post|put|patch|delete|deleteWithBody)\(\s*)?(["'`])(\/[a-z][^"'`\s]*)\2/g;
/** Built of parts, which no pattern finds. */
const builders: Readonly<Record<string, string>> = {
  'sso.getAuthorizationUrl': '/sso/authorize',
  'sso.getAuthorizationUrlWithPKCE': '/sso/authorize',
  'userManagement.getAuthorizationUrl': '/user_management/authorize',
  'userManagement.getAuthorizationUrlWithPKCE': '/user_management/authorize',
  'userManagement.getJwksUrl': '/sso/jwks/client_x',
};

/** Their grants are none of the document's. */
const otherGrants = new Set([
  'userManagement.authenticateWithRadarSmsChallenge',
  'userManagement.authenticateWithRadarEmailChallenge',
]);

const router = new Router(manifest.index.operations);

function isServed(source: string): boolean {
  return [...source.matchAll(request)].some(([, verb = 'get', , template = '']) => {
    const path = template.replaceAll(/\$\{[^}]*\}/g, 'x').split('?', 1)[0] ?? '';
    return router.match(verb === 'deleteWithBody' ? 'DELETE' : verb.toUpperCase(), path) !== null;
  });
}

/** Every method of the SDK that an operation of the document serves: `organizations.createOrganization`. */
function servedMethods(): string[] {
  const workos = new WorkOS('sk_test_x', { clientId: 'client_x' });
  return Object.entries(workos).flatMap(([name, service]: [string, unknown]) => {
    if (typeof service !== 'object' || service === null || name === 'client') return [];
    const members = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(service) ?? {});
    return Object.entries(members)
      .filter(([method, { value }]) => method !== 'constructor' && typeof value === 'function')
      .map(([method, { value }]) => [`${name}.${method}`, String(value)] as const)
      .filter(([method, source]) => method in builders || isServed(source))
      .map(([method]) => method)
      .filter((method) => !otherGrants.has(method));
  });
}

it('every method of the official SDK that the document serves is called over HTTP in a test', () => {
  const tests = readdirSync(import.meta.dirname)
    .filter((file) => /^sdk-?\w*\.test\.ts$/.test(file) && file !== 'sdk-methods.test.ts')
    .map((file) => readFileSync(`${import.meta.dirname}/${file}`, 'utf8'))
    .join('\n');
  const methods = servedMethods();
  expect(methods.length).toBeGreaterThan(140);
  const nameOf = (method: string) => method.slice(method.indexOf('.') + 1);
  const isCalled = (method: string) => {
    // Several services have a method of one name: then the test names the service.
    const isShared = methods.some((other) => other !== method && nameOf(other) === nameOf(method));
    const called = isShared ? method : `.${nameOf(method)}`;
    return new RegExp(`${called.replaceAll('.', '\\s*\\.\\s*')}\\(`).test(tests);
  };
  expect(methods.filter((method) => !isCalled(method))).toEqual([]);
});
