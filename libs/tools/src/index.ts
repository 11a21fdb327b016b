export { needsApproval, needsAPerson, taggedWith, unapprovedSenders } from './approval-rule';
export type { ToolUser } from './approval-rule';
export { checkArguments } from './check-arguments';
export { Tool } from './code/tool-decorator';
export type { ToolBatch } from './code/batched-calls';
export type { ToolBatchMethod, ToolMethod, ToolOptions } from './code/tool-decorator';
export { commandFields } from './command/command-fields';
export { failureOf, outputOf } from './command/command-outcome';
export { planCommand } from './command/command-plan';
export { CommandProcess } from './command/command-process';
export { readOutput } from './command/read-output';
export { Tail } from './command/tail';
export { writtenCommandIssues } from './command/written-command-issues';
export { fieldIssues } from './front-matter/field-issues';
export { parseYaml } from './front-matter/parse-yaml';
export {
  asFileError,
  isThere,
  MAX_FRONT_MATTER_FILE_BYTES,
  readWorkspaceFile,
} from './front-matter/read-workspace-file';
export { splitFrontMatter } from './front-matter/split-front-matter';
export { WorkspaceFileError } from './front-matter/workspace-file-error';
export { TOOL_ENTITIES } from './entities';
export { loadToolCatalogue } from './load-tool-catalogue';
export { loadSkills } from './skills/load-skills';
export type { Skills } from './skills/load-skills';
export type { Skill } from './skills/skill';
export { FilesWatch } from './reload/watch-files';
export { INPUT_SCOPE, templateValues } from './template/template-scope';
export type { McpOptions, McpServerOptions, McpToolSettings } from './mcp/mcp-options';
export { examineMcpServers } from './mcp/examine-mcp';
export { McpServers } from './mcp/mcp-servers';
export { QuotaSpent, ToolCalls } from './tool-calls';
export { ToolResults } from './results/tool-results';
export { TOOL_TAGS } from './tool';
export type { ToolCall, ToolDefinition, ToolTag } from './tool';
export { fittingName } from './tool-name';
export { ToolRegistry } from './tool-registry';
export type { PlacedTool, ToolSource } from './tool-source';
export { ToolsModule } from './tools.module';
export type { ToolSettings, ToolsModuleOptions } from './tools-options';
