import { ToolResultRow } from './tool-result.entity';

/** What this lib keeps in the database. */
export const TOOL_ENTITIES = [ToolResultRow];
