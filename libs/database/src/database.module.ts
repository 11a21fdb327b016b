import { type DynamicModule, Global, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { untilReady } from '@longhaul/kernel';
import type BetterSqlite3 from 'better-sqlite3';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { type PersistenceOptions, dataSourceOptions } from './data-source';
import { Database } from './database';
import { migrate } from './migrate';
import { PostgresDatabase } from './postgres/postgres-database';
import { SqliteDatabase } from './sqlite/sqlite-database';

/** Named, so that an application that embeds the gateway may have TypeORM's default one for itself. */
export const DATA_SOURCE = 'longhaul';

const logger = new Logger('Database');

export interface DatabaseModuleOptions extends PersistenceOptions {
  /** Entity classes of the libs above. */
  entities: (new () => unknown)[];
  startupTimeoutMs: number;
}

/** Connects (waiting for the server), migrates, and gives `Database` and the ORM's repositories to everyone. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  static forRoot(options: DatabaseModuleOptions): DynamicModule {
    const source = dataSourceOptions(options, options.entities);
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          name: DATA_SOURCE,
          useFactory: () => ({ ...source, name: DATA_SOURCE, retryAttempts: 0 }),
          dataSourceFactory: () => connect(options, source),
        }),
        TypeOrmModule.forFeature(options.entities, DATA_SOURCE),
      ],
      providers: [
        {
          provide: Database,
          inject: [getDataSourceToken(DATA_SOURCE)],
          useFactory: (dataSource: DataSource) => openDatabase(options, dataSource),
        },
      ],
      exports: [Database, TypeOrmModule],
    };
  }

  /** Last of all: the transport and the runs that write through it have ended by now. */
  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}

/** The write side over a connected ORM. For tests, too. */
export function openDatabase(options: PersistenceOptions, dataSource: DataSource): Database {
  if (options.backend === 'postgres') {
    return new PostgresDatabase(options.url, options.poolSize, (error) =>
      logger.warn(`a connection to PostgreSQL was lost: ${error.message}`),
    );
  }
  const { databaseConnection } = dataSource.driver as unknown as { databaseConnection: BetterSqlite3.Database };
  return new SqliteDatabase(options.url, databaseConnection);
}

async function connect(options: DatabaseModuleOptions, source: DataSourceOptions): Promise<DataSource> {
  const dataSource = await untilReady(() => new DataSource(source).initialize(), {
    name: options.backend === 'postgres' ? `PostgreSQL at ${new URL(options.url).host}` : `SQLite at ${options.url}`,
    limitMs: options.startupTimeoutMs,
    onRetry: (message) => logger.warn(message),
  });
  await migrate(dataSource);
  return dataSource;
}
