import { join } from 'node:path';
import type { Transport } from '../call/index.ts';
import type { Home } from '../home/index.ts';
import { Installer, type Reach, readPackageFile } from '../install/index.ts';
import { failure } from '../support/errors.ts';
import { productFolder } from '../support/installation.ts';
import { version } from './version.ts';

/** How long a document may take to come, in milliseconds. */
const patience = 120_000;

/** Installs into a home; documents are got as calls are made, through the same proxies and certificates. */
export function createInstaller(home: Home, http: () => Promise<Transport>): Installer {
  return new Installer({
    home,
    box: join(productFolder(), 'integrations'),
    reach: reachThrough(http),
    now: () => new Date(),
  });
}

function reachThrough(http: () => Promise<Transport>): Reach {
  return {
    async get(url, headers) {
      const transport = await http();
      const answer = await transport.send(
        {
          method: 'GET',
          url,
          headers: {
            accept: 'application/json, application/yaml;q=0.9, */*;q=0.8',
            'user-agent': `kosmo/${version}`,
            ...headers,
          },
          body: null,
        },
        AbortSignal.timeout(patience),
      );
      if ('failed' in answer) {
        const reason =
          answer.failed === 'cancelled' ? `no answer within ${patience / 1000} s` : answer.reason;
        return failure('document_unreachable', reason);
      }
      // Some servers call a document bytes.
      const { bytes, body, status, headers: received } = answer;
      return {
        status,
        headers: received,
        body: bytes === undefined ? body : Buffer.from(bytes).toString('utf8'),
      };
    },
    npm: readPackageFile,
  };
}
