import { type Filter, listPage } from '../../kit/list.ts';
import { Answer, type Resource } from '../../operation.ts';
import { ofDomain } from '../connections/connections.ts';
import { type DirectoryRow, directoryById, requireDirectory } from './directories.table.ts';
import { removeDirectory, serializeDirectories, serializeDirectory } from './directory.ts';

export const directories = {
  DirectoriesController_list: (context, { query }) => {
    const where: Filter[] = [];
    if (query.organization_id !== undefined) where.push(['organization_id = ?', query.organization_id]);
    if (query.domain !== undefined) where.push(ofDomain(context, query.domain));
    if (query.search !== undefined) where.push(['instr(lower(name), lower(?)) > 0', query.search]);
    const page = listPage<DirectoryRow>(context, query, {
      table: 'directories',
      prefix: 'directory_',
      where,
    });
    return {
      object: 'list',
      data: serializeDirectories(context, page.rows),
      list_metadata: page.list_metadata,
    };
  },

  DirectoriesController_find: (context, { path }) =>
    serializeDirectory(context, requireDirectory(context, path.id)),

  DirectoriesController_deleteDirectory: (context, { path }) => {
    const row = directoryById(context, path.id);
    // The document names no 404 here: what is not there is deleted already.
    if (row !== null) removeDirectory(context, row);
    return new Answer(202, undefined);
  },
} satisfies Resource<
  'DirectoriesController_list' | 'DirectoriesController_find' | 'DirectoriesController_deleteDirectory'
>;
