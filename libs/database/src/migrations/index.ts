import { CreateExecutions1700000000001 } from './1700000000001-create-executions';

/** In order. A migration that has been released is never edited. */
export const MIGRATIONS = [CreateExecutions1700000000001];
