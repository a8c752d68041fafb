export { Database, isUniqueViolation, type SqlValue } from './database.ts';
export { type Migration, migrate } from './migrations.ts';
