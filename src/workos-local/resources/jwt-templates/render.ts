import { type Expression, TemplateError, type TemplateNode } from './template.ts';

/** What a template can speak of: each name with the fields it has. */
export interface TemplateContext {
  readonly user: Readonly<Record<string, unknown>>;
  /** Null when the session is in no organization; its fields are null then. */
  readonly organization: Readonly<Record<string, unknown>> | null;
  readonly organization_membership: Readonly<Record<string, unknown>> | null;
}

/** Fields that hold an object or a list; all others hold something that can stand in a string. */
const compound = new Set(['metadata', 'custom_attributes', 'domains', 'role', 'roles']);
/** Fields whose own fields an application chooses. */
const open = new Set(['metadata', 'custom_attributes']);

const fields: Readonly<Record<keyof TemplateContext, ReadonlySet<string>>> = {
  user: new Set([
    'id',
    'email',
    'email_verified',
    'name',
    'first_name',
    'last_name',
    'profile_picture_url',
    'last_sign_in_at',
    'locale',
    'external_id',
    'metadata',
    'created_at',
    'updated_at',
  ]),
  organization: new Set(['id', 'name', 'external_id', 'metadata', 'domains', 'created_at', 'updated_at']),
  organization_membership: new Set([
    'id',
    'status',
    'role',
    'roles',
    'custom_attributes',
    'created_at',
    'updated_at',
  ]),
};

const reserved = new Set(['iss', 'sub', 'exp', 'iat', 'nbf', 'jti']);

/**
 * Checks all that can be checked of a template before there is anybody to render it for.
 *
 * @throws TemplateError
 */
export function checkTemplate(root: TemplateNode): void {
  if (root.kind !== 'object' || root.members.length === 0) {
    throw new TemplateError(
      'Template must render to an object with at least one explicitly defined top-level key',
    );
  }
  const taken = root.members.map(([name]) => name).filter((name) => reserved.has(name));
  if (taken.length > 0) throw new TemplateError(`Keys reserved: ${taken.join(', ')}`);
  checkNode(root);
}

function checkNode(node: TemplateNode): void {
  if (node.kind === 'expression') checkExpression(node.expression, false);
  else if (node.kind === 'array') for (const item of node.items) checkNode(item);
  else if (node.kind === 'object') for (const [, item] of node.members) checkNode(item);
  else if (node.kind === 'text') {
    for (const part of node.parts) if (typeof part !== 'string') checkExpression(part, true);
  }
}

function checkExpression(expression: Expression, isInString: boolean): void {
  for (const segment of expression) {
    if (segment.kind === 'literal') continue;
    const [name = '', field, ...rest] = segment.path;
    const known = isName(name) && (field === undefined || fields[name].has(field));
    const isDeep = rest.length > 0 && field !== undefined;
    if (!known || (isDeep && !open.has(field) && !(field === 'role' && rest.join('.') === 'slug'))) {
      throw new TemplateError(`Invalid path: "${segment.path.join('.')}"`);
    }
    if (isInString && (field === undefined || (compound.has(field) && !isDeep))) {
      throw new TemplateError('String encapsulated expression cannot contain object reference');
    }
  }
}

/**
 * The claims of a template for somebody. Top-level claims that are null are left out; within a string null is
 * nothing; and strings lose the white space around them.
 *
 * @param root one that has been checked
 */
export function renderTemplate(root: TemplateNode, context: TemplateContext): Record<string, unknown> {
  const claims: [string, unknown][] = root.kind === 'object' ? members(root, context) : [];
  return Object.fromEntries(claims.filter(([, value]) => value !== null));
}

function render(node: TemplateNode, context: TemplateContext): unknown {
  switch (node.kind) {
    case 'value':
      return typeof node.value === 'string' ? node.value.trim() : node.value;
    case 'expression': {
      const value = evaluate(node.expression, context);
      return typeof value === 'string' ? value.trim() : value;
    }
    case 'text':
      return node.parts
        .map((part) => (typeof part === 'string' ? part : textOf(evaluate(part, context))))
        .join('')
        .trim();
    case 'array':
      return node.items.map((item) => render(item, context));
    case 'object':
      return Object.fromEntries(members(node, context));
  }
}

function members(
  node: Extract<TemplateNode, { kind: 'object' }>,
  context: TemplateContext,
): [string, unknown][] {
  return node.members.map(([name, item]) => [name, render(item, context)]);
}

function evaluate(expression: Expression, context: TemplateContext): unknown {
  for (const segment of expression) {
    const value = segment.kind === 'literal' ? segment.text : lookUp(segment.path, context);
    if (value !== null) return value;
  }
  return null;
}

function lookUp(path: readonly string[], context: TemplateContext): unknown {
  let value: unknown = context;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value ?? null;
}

function textOf(value: unknown): string {
  if (value === null) return '';
  // What is below a directory's attribute may be an object, which nobody could know before.
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}

function isName(name: string): name is keyof TemplateContext {
  return Object.hasOwn(fields, name);
}
