import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const command = join(import.meta.dirname, '../../dist/cli/main.cjs');

/**
 * A gateway over HTTP with a home of its own, as the suite's server.
 *
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startGateway() {
  const home = mkdtempSync(join(tmpdir(), 'kosmo-conformance-'));
  const env = { PATH: process.env['PATH'], HOME: home, KOSMO_HOME: home, KOSMO_KEYRING: 'off' };
  const args = [command, 'mcp:serve', '--http', '--port', '0', '--json', '--local', '--write=ask'];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const [line] = await once(child.stdout, 'data');
  return {
    url: JSON.parse(String(line)).url,
    close: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
