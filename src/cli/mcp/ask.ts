import { Runtime } from '../../runtime/index.ts';
import { type Failure, KosmoError } from '../../support/errors.ts';
import type { JsonValue } from '../../support/json.ts';
import { attendServers } from '../attend-servers.ts';
import { Progress } from '../progress.ts';

/**
 * What a function of the `mcp` table answers, for a command that shows it.
 * @throws KosmoError the function's failure
 */
export async function askOnce(
  command: string,
  name: string,
  args: readonly JsonValue[],
  interactive: boolean,
): Promise<JsonValue> {
  const runtime = new Runtime({ command });
  const progress = new Progress(command);
  attendServers(runtime, progress, interactive);
  try {
    const found = await runtime.mcp.ask(name, args);
    if (isFailure(found)) throw KosmoError.of(found);
    return found;
  } finally {
    progress.end();
    await runtime.release();
  }
}

function isFailure(found: JsonValue | Failure): found is Failure {
  return typeof found === 'object' && found !== null && 'hint' in found && 'code' in found;
}
