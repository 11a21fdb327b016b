export { Database } from './database';
export type { Row, SqlValue, Statement, Write } from './database';
export { DATA_SOURCE, DatabaseModule, openDatabase } from './database.module';
export type { DatabaseModuleOptions } from './database.module';
export { dataSourceOptions } from './data-source';
export type { PersistenceOptions } from './data-source';
export type { Dialect, RecordsetType } from './dialect';
export { examineDatabase } from './examine-database';
export { migrate } from './migrate';
