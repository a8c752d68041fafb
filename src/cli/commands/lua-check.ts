import type { LuaRun, Runtime } from '../../runtime/index.ts';
import { exitCodeOf, failure } from '../../support/errors.ts';
import { luaEnvelope } from '../envelope.ts';
import { writeOut } from '../output.ts';
import { renderError } from '../render-error.ts';

/** `--check`: says what is wrong with a program as far as that can be seen, and runs nothing. */
export async function check(
  runtime: Runtime,
  program: Pick<LuaRun, 'source' | 'name' | 'integrations'>,
  json: boolean,
): Promise<number> {
  const started = performance.now();
  const { error, findings } = await runtime.check(program);
  const lines = findings.map(({ line, column, message }) => `${program.name}:${line}:${column}: ${message}`);
  const found =
    error ??
    (findings.length === 0
      ? null
      : failure('check_failed', lines.join('\n'), {
          details: {
            findings: findings.map(({ line, column, message, code }) => ({ line, column, message, code })),
          },
        }));
  if (json) {
    await writeOut(
      `${luaEnvelope({ error: found, elapsed: performance.now() - started, meta: { checked: true } })}\n`,
    );
  } else if (found === null) {
    await writeOut(`${program.name}: nothing wrong was found.\n`);
  } else {
    process.stderr.write(renderError(found));
  }
  return found === null ? 0 : exitCodeOf(found);
}
