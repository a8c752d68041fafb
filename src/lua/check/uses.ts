import type { Chunk, Expression, Identifier, Node, Statement, TableConstructorExpression } from 'luaparse';

/** A place where a program names something of `app.integrations`, or calls it. */
export interface Use {
  /** The names after `app.integrations`: `['workos', 'list_users']`. */
  readonly path: readonly string[];
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** What it is called with; undefined where it is only named, or called with what is made when the program runs. */
  readonly args: TableConstructorExpression | 'none' | 'no table' | undefined;
  /** Whether an error there is caught, so that the program may mean it. */
  readonly caught: boolean;
}

/** What a local name stands for: a path of names from `app`; null when it may be anything. */
type Binding = readonly string[] | null;

/** Finds every use whose names are all written out. Names that are made when the program runs are left alone. */
export function findUses(chunk: Chunk): Use[] {
  const walk = new Walk(chunk);
  walk.block(chunk.body);
  return walk.uses;
}

class Walk {
  readonly uses: Use[] = [];
  readonly #assigned: ReadonlySet<string>;
  readonly #protected: ReadonlySet<string>;
  #scopes: Map<string, Binding>[] = [new Map()];
  #caught = false;

  constructor(chunk: Chunk) {
    const { assigned, handed } = survey(chunk);
    this.#assigned = assigned;
    this.#protected = handed;
  }

  block(statements: readonly Statement[], names: readonly Identifier[] = []): void {
    this.#scopes.push(new Map(names.map(({ name }) => [name, null])));
    for (const statement of statements) this.#statement(statement);
    this.#scopes.pop();
  }

  #statement(statement: Statement): void {
    switch (statement.type) {
      case 'LocalStatement':
        for (const value of statement.init) this.#expression(value);
        statement.variables.forEach(({ name }, index) => {
          const value = statement.init[index];
          const isAlias = value !== undefined && !this.#assigned.has(name);
          this.#declare(name, isAlias ? this.#pathOf(value) : null);
        });
        return;
      case 'FunctionDeclaration':
        if (statement.isLocal && statement.identifier?.type === 'Identifier')
          this.#declare(statement.identifier.name, null);
        this.#function(statement);
        return;
      case 'ForNumericStatement':
        for (const value of [statement.start, statement.end, statement.step])
          if (value !== null) this.#expression(value);
        this.block(statement.body, [statement.variable]);
        return;
      case 'ForGenericStatement':
        for (const value of statement.iterators) this.#expression(value);
        this.block(statement.body, statement.variables);
        return;
      case 'RepeatStatement':
        // The condition sees the body's locals.
        this.#scopes.push(new Map());
        for (const inner of statement.body) this.#statement(inner);
        this.#expression(statement.condition);
        this.#scopes.pop();
        return;
      case 'IfStatement':
        for (const clause of statement.clauses) {
          if (clause.type !== 'ElseClause') this.#expression(clause.condition);
          this.block(clause.body);
        }
        return;
      case 'WhileStatement':
        this.#expression(statement.condition);
        this.block(statement.body);
        return;
      case 'DoStatement':
        this.block(statement.body);
        return;
      case 'AssignmentStatement':
        for (const value of [...statement.init, ...statement.variables]) this.#expression(value);
        return;
      case 'ReturnStatement':
        for (const value of statement.arguments) this.#expression(value);
        return;
      case 'CallStatement':
        this.#expression(statement.expression);
        return;
    }
  }

  #function(declaration: Extract<Node, { type: 'FunctionDeclaration' }>): void {
    const { identifier } = declaration;
    const before = this.#caught;
    if (identifier?.type === 'Identifier' && this.#protected.has(identifier.name)) this.#caught = true;
    const names = declaration.parameters.filter((parameter) => parameter.type === 'Identifier');
    this.block(declaration.body, names);
    this.#caught = before;
  }

  #expression(expression: Expression): void {
    switch (expression.type) {
      case 'FunctionDeclaration':
        this.#function(expression);
        return;
      case 'Identifier':
      case 'MemberExpression':
      case 'IndexExpression':
        this.#named(expression, undefined);
        return;
      case 'CallExpression':
        this.#call(expression.base, expression.arguments);
        return;
      case 'TableCallExpression':
        this.#call(expression.base, [expression.arguments]);
        return;
      case 'StringCallExpression':
        this.#call(expression.base, [expression.argument]);
        return;
      case 'TableConstructorExpression':
        for (const field of expression.fields) {
          if (field.type === 'TableKey') this.#expression(field.key);
          this.#expression(field.value);
        }
        return;
      case 'BinaryExpression':
      case 'LogicalExpression':
        this.#expression(expression.left);
        this.#expression(expression.right);
        return;
      case 'UnaryExpression':
        this.#expression(expression.argument);
        return;
    }
  }

  #call(base: Expression, args: readonly Expression[]): void {
    const before = this.#caught;
    const called = base.type === 'Identifier' && !this.#isLocal(base.name) ? base.name : '';
    const [first, second] = args;
    if (called === 'pcall' || called === 'xpcall') this.#caught = true;
    if (called === 'paginate' && first !== undefined && args.length <= 2) {
      this.#named(first, argumentsOf(second === undefined ? [] : [second]));
      if (second !== undefined) this.#expression(second);
    } else {
      this.#named(base, argumentsOf(args));
      for (const argument of args) this.#expression(argument);
    }
    this.#caught = before;
  }

  /** Notes what an expression names, or goes on into it. */
  #named(expression: Expression, args: Use['args']): void {
    const path = this.#pathOf(expression);
    if (path === null) {
      if (expression.type === 'MemberExpression') this.#expression(expression.base);
      else if (expression.type === 'IndexExpression') {
        this.#expression(expression.base);
        this.#expression(expression.index);
      } else if (expression.type !== 'Identifier') this.#expression(expression);
      return;
    }
    const [root, below, ...names] = path;
    // An alias was noted where it was made; a call of it is noted here.
    if (root !== 'app' || below !== 'integrations' || names.length === 0) return;
    if (expression.type === 'Identifier' && args === undefined) return;
    const place = expression.type === 'MemberExpression' ? expression.identifier : expression;
    const { line, column } = place.loc?.start ?? { line: 1, column: 0 };
    this.uses.push({ path: names, line, column: column + 1, args, caught: this.#caught });
  }

  #pathOf(expression: Expression): Binding {
    if (expression.type === 'Identifier') return this.#lookUp(expression.name);
    if (expression.type === 'MemberExpression' && expression.indexer === '.') {
      const base = this.#pathOf(expression.base);
      return base === null ? null : [...base, expression.identifier.name];
    }
    if (expression.type === 'IndexExpression' && expression.index.type === 'StringLiteral') {
      const base = this.#pathOf(expression.base);
      return base === null ? null : [...base, expression.index.value];
    }
    return null;
  }

  #lookUp(name: string): Binding {
    for (const scope of this.#scopes.toReversed()) {
      const binding = scope.get(name);
      if (binding !== undefined) return binding;
    }
    return name === 'app' && !this.#assigned.has('app') ? ['app'] : null;
  }

  #isLocal(name: string): boolean {
    return this.#scopes.some((scope) => scope.has(name));
  }

  #declare(name: string, binding: Binding): void {
    this.#scopes.at(-1)?.set(name, binding);
  }
}

function argumentsOf(args: readonly Expression[]): Use['args'] {
  const [first, ...others] = args;
  if (first === undefined) return 'none';
  if (others.length > 0) return undefined;
  if (first.type === 'TableConstructorExpression') return first;
  return ['StringLiteral', 'NumericLiteral', 'BooleanLiteral', 'FunctionDeclaration'].includes(first.type)
    ? 'no table'
    : undefined;
}

/** Names that are assigned anywhere, and names of functions that are handed to `pcall` or `xpcall`. */
function survey(chunk: Chunk): { assigned: ReadonlySet<string>; handed: ReadonlySet<string> } {
  const assigned = new Set<string>();
  const handed = new Set<string>();
  visit(chunk, (node) => {
    if (node.type === 'AssignmentStatement') {
      for (const variable of node.variables) if (variable.type === 'Identifier') assigned.add(variable.name);
    } else if (
      node.type === 'FunctionDeclaration' &&
      !node.isLocal &&
      node.identifier?.type === 'Identifier'
    ) {
      assigned.add(node.identifier.name);
    } else if (node.type === 'CallExpression' && node.base.type === 'Identifier') {
      const [first] = node.arguments;
      const isProtected = node.base.name === 'pcall' || node.base.name === 'xpcall';
      if (isProtected && first?.type === 'Identifier') handed.add(first.name);
    }
  });
  return { assigned, handed };
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const value of Object.values(node) as unknown[]) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value])
      if (isNode(child)) visit(child, see);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}
