export { Database, isUniqueViolation, type SqlValue } from './database.ts';
export { type Migration, migrate, type Schema } from './migrations.ts';
export { WriteQueue } from './write-queue.ts';
