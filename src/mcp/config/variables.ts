import type { Launch } from './server-config.ts';

/** A `${…}` of a configuration: where its value comes from. */
export interface Variable {
  readonly source: 'environment' | 'secret' | 'folder';
  /** Empty for the folder. */
  readonly name: string;
  /** The value when there is none; null where the text has none. */
  readonly otherwise: string | null;
}

/** Reads what stands between `${` and `}`. */
export function readVariable(inside: string): Variable {
  const { name = '', otherwise = null } = /^(?<name>.*?)(?::-(?<otherwise>.*))?$/s.exec(inside)?.groups ?? {};
  if (name === 'workspaceFolder') return { source: 'folder', name: '', otherwise };
  if (name.startsWith('secret:')) return { source: 'secret', name: name.slice(7), otherwise };
  return { source: 'environment', name: name.replace(/^env:/, ''), otherwise };
}

/** Writes another text in place of every variable of one text. */
export function replaceVariables(
  text: string,
  replaced: (variable: Variable, written: string) => string,
): string {
  return text.replace(/\$\{([^}]*)\}/g, (written, inside: string) => replaced(readVariable(inside), written));
}

/** The variables of a launch, wherever they stand in it. */
export function variablesOf(launch: Launch): Variable[] {
  const found: Variable[] = [];
  mapLaunch(launch, (text) =>
    replaceVariables(text, (variable, written) => {
      found.push(variable);
      return written;
    }),
  );
  return found;
}

/** The names of the secrets that a launch needs. */
export function secretsOf(launch: Launch): string[] {
  const named = variablesOf(launch).filter(
    ({ source, otherwise }) => source === 'secret' && otherwise === null,
  );
  return [...new Set(named.map(({ name }) => name))];
}

/** A launch with each of its texts made anew. */
export function mapLaunch(launch: Launch, map: (text: string) => string): Launch {
  const table = (entries: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, map(value)]));
  if (launch.kind === 'http') {
    const { oauth } = launch;
    const mapped = { ...launch, url: map(launch.url), headers: table(launch.headers) };
    if (oauth === undefined) return mapped;
    const { clientSecret, privateKey } = oauth;
    const secrets = {
      ...(clientSecret === undefined ? {} : { clientSecret: map(clientSecret) }),
      ...(privateKey === undefined ? {} : { privateKey: map(privateKey) }),
    };
    return { ...mapped, oauth: { ...oauth, ...secrets } };
  }
  return {
    ...launch,
    command: map(launch.command),
    args: launch.args.map(map),
    env: table(launch.env),
    cwd: launch.cwd === null ? null : map(launch.cwd),
  };
}
