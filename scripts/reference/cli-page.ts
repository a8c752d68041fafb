import type { CommandDefinition } from '../../src/cli/command.ts';
import { completion } from '../../src/cli/commands/completion.ts';
import { commands, findCommand } from '../../src/cli/commands.ts';

/** Characters to a line of help. */
const width = 100;

const beginning = `# The command line

Made from the commands' own definitions by \`npm run docs:reference\`; a test holds it to them.

\`kosmo COMMAND --help\` shows the same on a terminal. With \`--json\` a command prints exactly one JSON object on
stdout and nothing else; without it, people read it: tables, and colours on a terminal (unless \`NO_COLOR\` is set).
Progress and remarks go to stderr.

| exit code | meaning |
| --- | --- |
| 0 | done |
| 1 | the program or the call failed |
| 2 | the command line could not be understood |
| 3 | a call needs approval, or the policy denies it |
| 4 | something is not configured |
| 5 | a limit was hit |
| 130 | interrupted (Ctrl-C, SIGINT) |
| 141 | nobody reads the output any more (SIGPIPE) |

[errors.md](errors.md) lists every error code.

## What --json prints

| command | object |
| --- | --- |
| \`integrations:lua\`, \`mcp:lua\` | \`{ success, output, result, error, execution_time_ms, memory_usage, integration_calls, meta }\`; with \`--dry-run\`, \`meta.planned\` lists what was not sent |
| \`integrations:call\`, \`integrations:NAME\` | \`{ function, success, data, error, meta, duration_ms }\`; with \`--dry-run\`, \`data\` is the request: \`{ method, url, headers, body }\` |
| \`integrations:list\` | \`{ integrations: [ { name, title, functions, configured, enabled, accounts } ] }\` |
| \`integrations:search\` | \`{ query, results: [ { function, lua_name, summary, effect, signature, required, score } ] }\` |
| \`integrations:docs PAGE\` | \`{ page, markdown, tokens, left_out: [ text ] }\`; without a page \`{ pages: [ { name, title, summary } ] }\` |
| \`integrations:schema\` | \`{ function, lua_name, aliases, effect, method, path, summary, parameters, response, errors }\` |
| \`integrations:examples\` | \`{ name, examples: [ { title, lua, command } ] }\` |
| anything that ends before it begins | \`{ success: false, error }\`, or the command's own object with the error |

An error is \`{ code, message, hint, details }\`.

## Large results

What a program prints past 1 MB ends its run with \`output_limit\`; all of it is in the file that the error names. A
result past 1 MB is no failure: what was done is done. It comes back cut at the borders of values, so that it is still
JSON: the first items of a list, what is small of an object, the beginning of a text. Where something is left out
stands \`{ "$cut": { "left_out": 4990, "of": 5000, "shape": { "id": "string" } } }\`, and \`meta.overflow\` names the file
that holds all of it, with its size and shape. The same goes for \`data\` in a call's envelope. Data that is asked for
alone, with \`--output\`, is always whole.

## Arguments of a call

They come as JSON (an argument, \`@FILE\`, or piped in), with \`--arg\`, or as flags made from the function's schema:
\`kosmo integrations:workos create_user --help\` lists them. The JSON is read first; flags and \`--arg\` go over it. The
same argument from two flags, or JSON from two places, is a usage error. \`--arg a.b=x\` goes inside, \`--arg a.0=x\` into
a list (counted from 0), and \`--arg a:=JSON\` takes JSON as it stands. Text is read as the schema wants it: \`5\` is a
number where a number is wanted, and text where text is.

\`--select\` takes a JSONPath (RFC 9535) whose leading \`$\` may be left away: \`data[*].id\`,
\`data[?@.name=="Acme"].id\`. With \`--paginate\` it is applied to each row. A path to one place gives its value, any
other a list.
`;

/** `docs/cli.md`: every command with what it takes. */
export async function cliPage(): Promise<string> {
  const sections: string[] = [];
  for (const [name, entry] of Object.entries(commands)) {
    sections.push(section(name, await entry.load()));
    if (name !== 'integrations:call') continue;
    const shortForm = await findCommand('integrations:workos');
    if (shortForm !== null) sections.push(section('integrations:NAME', shortForm));
  }
  sections.push(section('completion', completion));
  return `${beginning}\n${sections.join('\n')}`;
}

function section(name: string, definition: CommandDefinition): string {
  let help = '';
  const command = definition.define();
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
    getOutHelpWidth: () => width,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return `## ${name}\n\n\`\`\`text\n${help.trim()}\n\`\`\`\n`;
}
