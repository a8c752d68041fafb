import { type DirectoryImport, importDirectory } from '../directory-import/import-directory.ts';
import type { Environment } from '../kit/environments.ts';
import type { PageHost } from '../pages/host.ts';
import { inEnvironment } from './in-environment.ts';

/**
 * Makes the people of a directory those of a CSV file.
 *
 * @throws ApiError when there is no such directory, or the file does not read
 */
export function importInto(
  host: PageHost,
  environment: Environment,
  directoryId: string,
  csv: string,
): DirectoryImport {
  return inEnvironment(host, environment, (context) => importDirectory(context, directoryId, csv));
}
