/**
 * Every error a user can meet, by code. `docs/errors.md` is made from this table, and an error is only ever
 * told apart by its code, never by its text.
 */
export const errorCatalogue = {
  usage: {
    meaning:
      'The command line could not be understood: an unknown flag, or two sources of input in conflict.',
    fault: 'caller',
    remedy: 'Run the command again with --help.',
    exit: 2,
  },
  input_unreadable: {
    meaning: 'A file that was named on the command line does not exist, is a folder, or may not be read.',
    fault: 'caller',
    remedy: 'Check the path and its permissions.',
    exit: 2,
  },
  syntax_error: {
    meaning: 'The Lua program does not parse.',
    fault: 'caller',
    remedy: 'Mend the line the message names.',
    exit: 1,
  },
  script_error: {
    meaning: 'The Lua program raised an error that nothing caught.',
    fault: 'caller',
    remedy: 'Mend the line the message names, or catch the error with pcall.',
    exit: 1,
  },
  check_failed: {
    meaning: 'Checking the Lua program without running it found calls that cannot go well.',
    fault: 'caller',
    remedy: 'Mend the lines the message names.',
    exit: 1,
  },
  unknown_integration: {
    meaning: 'No integration of that name is installed.',
    fault: 'caller',
    remedy: 'Pick one of the installed integrations.',
    exit: 1,
  },
  unknown_function: {
    meaning: 'The integration has no operation of that name.',
    fault: 'caller',
    remedy: 'Use one of the suggested names, or docs.search.',
    exit: 1,
  },
  unknown_account: {
    meaning: 'The integration has no account of that name.',
    fault: 'caller',
    remedy: 'Use one of the accounts the message names, or set the credentials of a new one.',
    exit: 4,
  },
  ambiguous_function: {
    meaning: 'Two operations share the name, and the arguments fit both or neither.',
    fault: 'caller',
    remedy: 'Call one by its full name; the message lists them.',
    exit: 1,
  },
  invalid_arguments: {
    meaning: 'The arguments do not fit the operation. Nothing was sent.',
    fault: 'caller',
    remedy: 'Mend every argument in details.errors; docs.read shows what the operation takes.',
    exit: 1,
  },
  file_refused: {
    meaning: 'A file that was to be sent may not be read, or cannot be. Nothing was sent.',
    fault: 'caller',
    remedy: 'Name a file that is there, and let a program read it with --allow-files FOLDER.',
    exit: 1,
  },
  not_configured: {
    meaning: 'The account has no credentials.',
    fault: 'caller',
    remedy: 'Set the credentials, or use the local server.',
    exit: 4,
  },
  approval_required: {
    meaning: 'The policy asks for a person to approve this call, and nobody is there to ask.',
    fault: 'policy',
    remedy: 'Run it on a terminal, or pass --force.',
    exit: 3,
  },
  denied: {
    meaning: 'The policy forbids this call.',
    fault: 'policy',
    remedy: 'Change the policy of the account, if you may.',
    exit: 3,
  },
  disabled: {
    meaning: 'The integration is disabled.',
    fault: 'policy',
    remedy: 'Enable it with integrations:configure, if you may.',
    exit: 3,
  },
  force_forbidden: {
    meaning: '--force or --allow was given where approvals cannot be skipped.',
    fault: 'policy',
    remedy: 'Leave the flag out, and approve on a terminal or by the policy of the account.',
    exit: 3,
  },
  credentials_locked: {
    meaning: 'The credentials cannot be opened: the key is missing, or is another one.',
    fault: 'machine',
    remedy: 'Bring the key back, or configure the accounts again.',
    exit: 4,
  },
  credential_command: {
    meaning: 'The command that gives a credential failed, took too long, or printed nothing of use.',
    fault: 'machine',
    remedy: 'Run the command yourself to see what it says.',
    exit: 4,
  },
  token_refused: {
    meaning: 'A token server did not take the account’s client credentials or refresh token.',
    fault: 'service',
    remedy: 'Configure the account with new ones.',
    exit: 4,
  },
  api_error: {
    meaning: 'The API answered with an error status.',
    fault: 'service',
    remedy: 'details holds the status and the API’s own code.',
    exit: 1,
  },
  network_error: {
    meaning: 'The API could not be reached; the request was not answered and changed nothing.',
    fault: 'service',
    remedy: 'Check the URL of the account and the network.',
    exit: 1,
  },
  outcome_unknown: {
    meaning:
      'The connection broke after a write was sent, so it may or may not have happened. It is not repeated.',
    fault: 'service',
    remedy: 'Look whether the write happened before you repeat it.',
    exit: 1,
  },
  invalid_response: {
    meaning:
      'The API answered with something that is not what its document says: for example HTML in place of JSON.',
    fault: 'service',
    remedy: 'Check that the URL of the account is the API’s.',
    exit: 1,
  },
  cancelled: {
    meaning: 'The call was given up before it was sent, because the run ended.',
    fault: 'caller',
    remedy: 'None needed.',
    exit: 1,
  },
  cpu_limit: {
    meaning: 'The Lua program used more CPU time than its limit.',
    fault: 'caller',
    remedy: 'Do less work, or raise --cpu-limit.',
    exit: 5,
  },
  memory_limit: {
    meaning: 'The Lua program needed more memory than its limit.',
    fault: 'caller',
    remedy: 'Hold less at a time, or raise --memory-limit.',
    exit: 5,
  },
  time_limit: {
    meaning: 'The run took longer than its limit.',
    fault: 'caller',
    remedy: 'Do less in one run, or raise --timeout.',
    exit: 5,
  },
  output_limit: {
    meaning: 'The run printed more than its limit.',
    fault: 'caller',
    remedy: 'Print less; the whole output is in the file the message names.',
    exit: 5,
  },
  call_limit: {
    meaning: 'The run made more calls than its limit.',
    fault: 'caller',
    remedy: 'Make fewer calls in one run, or raise the limit.',
    exit: 5,
  },
  unknown_page: {
    meaning: 'There is no documentation page of that name.',
    fault: 'caller',
    remedy: 'See docs.list().',
    exit: 1,
  },
  unknown_result: {
    meaning: 'There is no kept result of that handle: it was never one, or a day has passed.',
    fault: 'caller',
    remedy: 'Run what made it again.',
    exit: 1,
  },
  unknown_approval: {
    meaning: 'There is no approval of that id to give or to use: it was decided or used already, or is over.',
    fault: 'caller',
    remedy: 'See kosmo approvals:list; ask again.',
    exit: 1,
  },
  terminal_required: {
    meaning: 'Only a person at a terminal of their own may do this.',
    fault: 'policy',
    remedy: 'Open a terminal and run the command there.',
    exit: 3,
  },
  unknown_server: {
    meaning: 'No MCP server of that name is configured.',
    fault: 'caller',
    remedy: 'See mcp.servers().',
    exit: 1,
  },
  unknown_run: {
    meaning: 'The journal has no run of that id, or several that begin so.',
    fault: 'caller',
    remedy: 'See runs:list; a run is kept for 30 days.',
    exit: 1,
  },
  untrusted_server: {
    meaning: 'An MCP server that a project brings has not been trusted, or has changed since.',
    fault: 'policy',
    remedy: 'Look at what it would run, then kosmo mcp:trust NAME.',
    exit: 3,
  },
  tool_error: {
    meaning: 'A tool of an MCP server answered that it failed, or the server refused what it was asked.',
    fault: 'service',
    remedy: 'The message is the tool’s own, or the server’s.',
    exit: 1,
  },
  home_unusable: {
    meaning: 'The folder that holds kosmo’s state cannot be read or written.',
    fault: 'machine',
    remedy: 'Mend its permissions, or point KOSMO_HOME at another folder.',
    exit: 4,
  },
  output_unwritable: {
    meaning: 'What a command makes cannot be written where it was told to.',
    fault: 'machine',
    remedy: 'Check the path, its permissions and the space left.',
    exit: 1,
  },
  settings_invalid: {
    meaning: 'A settings file is damaged.',
    fault: 'machine',
    remedy: 'Mend or remove the file the message names.',
    exit: 4,
  },
  database_invalid: {
    meaning: 'A database file is not a database, is damaged, or was written by a newer version.',
    fault: 'machine',
    remedy: 'Name another file; this one was left as it was.',
    exit: 4,
  },
  unknown_environment: {
    meaning: 'The local server has no environment of that name.',
    fault: 'caller',
    remedy: 'kosmo local:environment list shows them.',
    exit: 1,
  },
  unknown_snapshot: {
    meaning: 'The local server has no snapshot of that name.',
    fault: 'caller',
    remedy: 'kosmo local:snapshot list shows them.',
    exit: 1,
  },
  seed_invalid: {
    meaning: 'The seed data cannot be loaded; nothing was changed.',
    fault: 'caller',
    remedy: 'Mend what the message names.',
    exit: 1,
  },
  port_in_use: {
    meaning: 'Another program listens on the port.',
    fault: 'machine',
    remedy: 'Pick another port; --port 0 takes any free one.',
    exit: 1,
  },
  document_unreachable: {
    meaning: 'An OpenAPI document, or a part of one, could not be got from its URL or its npm package.',
    fault: 'service',
    remedy: 'Check the URL and the network, or name a file.',
    exit: 1,
  },
  document_shrunk: {
    meaning: 'A newer document is smaller by more than a tenth, and nobody said that it may take its place.',
    fault: 'policy',
    remedy: 'Look at what it leaves out, then run the command again with --yes.',
    exit: 3,
  },
  nothing_to_roll_back: {
    meaning: 'The integration has had no other document before the one in use.',
    fault: 'caller',
    remedy: 'None needed.',
    exit: 1,
  },
  document_invalid: {
    meaning: 'An OpenAPI or overlay document cannot be used.',
    fault: 'caller',
    remedy: 'Mend the document where the message says.',
    exit: 1,
  },
  interrupted: {
    meaning: 'The run was ended by a signal.',
    fault: 'caller',
    remedy: 'None needed.',
    exit: 130,
  },
  internal: {
    meaning: 'A fault in kosmo itself.',
    fault: 'kosmo',
    remedy: 'Please report it with the message.',
    exit: 1,
  },
} as const satisfies Record<string, ErrorEntry>;

export interface ErrorEntry {
  readonly meaning: string;
  /** Whose fault it is: the caller's, the policy's, the service's, the machine's, or kosmo's own. */
  readonly fault: 'caller' | 'policy' | 'service' | 'machine' | 'kosmo';
  readonly remedy: string;
  /** The exit code of a command that ends with this error. */
  readonly exit: number;
}

export type ErrorCode = keyof typeof errorCatalogue;

/** An error as data: what the `error` of every envelope holds. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  /** What to do next; the catalogue's remedy when the place of the error knows no better. */
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Makes a failure; `hint` defaults to the catalogue's remedy, `details` to none. */
export function failure(
  code: ErrorCode,
  message: string,
  more: { hint?: string; details?: Record<string, unknown> } = {},
): Failure {
  return { code, message, hint: more.hint ?? errorCatalogue[code].remedy, details: more.details ?? {} };
}

/** The exit code a command ends with after this failure. */
export function exitCodeOf(error: Failure): number {
  return errorCatalogue[error.code].exit;
}

/** A failure on its way to the edge that will show it. Inside the call pipeline failures are values instead. */
export class KosmoError extends Error {
  override readonly name = 'KosmoError';
  readonly failure: Failure;

  constructor(
    code: ErrorCode,
    message: string,
    more: { hint?: string; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.failure = failure(code, message, more);
  }

  /** A failure that was a value so far. */
  static of({ code, message, hint, details }: Failure): KosmoError {
    return new KosmoError(code, message, { hint, details });
  }
}

/** The failure behind anything thrown; what kosmo did not expect becomes `internal`, with its message only. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof KosmoError) return thrown.failure;
  return failure('internal', thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown));
}

/** The `code` of a Node system error (`ENOENT`, `EADDRINUSE`, …), or null for anything else. */
export function systemErrorCode(thrown: unknown): string | null {
  if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string') return thrown.code;
  return null;
}
