import type { Launch } from '../server-config.ts';
import { mapLaunch, replaceVariables, type Variable } from '../variables.ts';

/** How a program writes a variable in its settings; null for one it does not know. */
export type VariableStyle = (variable: Variable) => string | null;

/** `${NAME}`, with a value for when there is none. */
export const shellStyle: VariableStyle = ({ source, name, otherwise }) =>
  source === 'environment' ? `\${${name}${otherwise === null ? '' : `:-${otherwise}`}}` : null;

/** `${NAME}` alone. */
export const plainStyle: VariableStyle = ({ source, name, otherwise }) =>
  source === 'environment' && otherwise === null ? `\${${name}}` : null;

/** `${env:NAME}`. */
export const prefixStyle: VariableStyle = ({ source, name, otherwise }) =>
  source === 'environment' && otherwise === null ? `\${env:${name}}` : null;

/** As editors have it: `${env:NAME}` and `${workspaceFolder}`. */
export const editorStyle: VariableStyle = (variable) =>
  variable.source === 'folder' ? '$' + '{workspaceFolder}' : prefixStyle(variable);

/** Texts are taken as they are. */
export const noStyle: VariableStyle = () => null;

/** A launch with its variables written in a program's way; a text that names the first it does not know. */
export function restyled(title: string, launch: Launch, style: VariableStyle): Launch | string {
  let unknown: string | null = null;
  const written = mapLaunch(launch, (text) =>
    replaceVariables(text, (variable, before) => {
      const after = style(variable);
      if (after === null)
        unknown ??=
          variable.source === 'secret'
            ? `it needs kosmo's secret ${variable.name}, which ${title} cannot read`
            : `${title} does not fill in ${before}`;
      return after ?? before;
    }),
  );
  return unknown ?? written;
}
