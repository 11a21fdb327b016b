import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError, isJsonObject } from '@longhaul/kernel';
import type { Issue, JsonObject } from '@longhaul/kernel';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { ConfigPath } from './config-path';
import { formatIssues } from './format-issue';

export const GATEWAY_YAML = 'gateway.yaml';
const MAX_BYTES = 64 * 1024;
/** Enough for anchors used by hand, too few for an alias bomb. */
const MAX_ALIASES = 20;

export interface GatewayYaml {
  values: JsonObject;
  warnings: Issue[];
  /** The line of the deepest part of the path that the file has; undefined when it has none of it. */
  lineOf(path: ConfigPath): number | undefined;
}

/** Reads `<workspace>/gateway.yaml`; a missing one is empty. Throws a `ConfigurationError` for what is no YAML mapping. */
export function readGatewayYaml(workspace: string): GatewayYaml {
  const source = readSource(workspace);
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, schema: 'core', uniqueKeys: true });
  const at = (offset: number) => `${GATEWAY_YAML}:${lines.linePos(offset).line}`;
  const [error] = document.errors; // the ones after the first follow from it
  if (error) fail({ path: at(error.pos[0]), message: error.message, hint: mend(error.code, source, error.pos[0]) });
  const values = toValues(document);
  if (values !== null && !isJsonObject(values)) {
    fail({
      path: GATEWAY_YAML,
      message: 'must be a mapping of sections',
      hint: 'write it as "queue: { backend: memory }"',
    });
  }
  return {
    values: values ?? {},
    warnings: document.warnings.map((warning) => ({ path: at(warning.pos[0]), message: warning.message })),
    lineOf: (path) => {
      const offset = offsetOf(document, path);
      return offset === undefined ? undefined : lines.linePos(offset).line;
    },
  };
}

function readSource(workspace: string): string {
  const path = join(workspace, GATEWAY_YAML);
  if (!existsSync(workspace)) {
    fail({
      path: 'workspace',
      message: `there is no directory ${workspace}`,
      hint: 'name an existing one with --workspace',
    });
  }
  if (!existsSync(path)) {
    if (existsSync(join(workspace, 'gateway.yml'))) {
      fail({ path: 'gateway.yml', message: 'is not read', hint: `rename it to ${GATEWAY_YAML}` });
    }
    return '';
  }
  if (!statSync(path).isFile())
    fail({ path: GATEWAY_YAML, message: 'is not a file', hint: 'make it one, or remove it' });
  const bytes = readFileSync(path);
  if (bytes.length > MAX_BYTES) {
    fail({
      path: GATEWAY_YAML,
      message: `has ${bytes.length} bytes, at most ${MAX_BYTES} are read`,
      hint: 'shorten it',
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return fail({ path: GATEWAY_YAML, message: 'is not UTF-8 text', hint: 'save it as UTF-8' });
  }
}

function toValues(document: Document): unknown {
  try {
    const values: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    JSON.stringify(values); // throws for an alias that contains itself
    return values;
  } catch (error) {
    const [message = ''] = (error instanceof Error ? error.message : String(error)).trim().split('\n');
    const hint = `write out what the aliases stand for: at most ${MAX_ALIASES} are followed, and none into itself`;
    return fail({ path: GATEWAY_YAML, message, hint });
  }
}

function offsetOf(document: Document, path: ConfigPath): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === part);
      if (!pair) return offset;
      offset = isScalar(pair.key) ? pair.key.range?.[0] : offset;
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number') {
      const item: unknown = node.items[part];
      if (isMap(item) || isScalar(item)) offset = item.range?.[0] ?? offset;
      node = item;
    } else {
      return offset;
    }
  }
  return offset;
}

function mend(code: string, source: string, offset: number): string {
  const line = source.slice(source.lastIndexOf('\n', offset - 1) + 1).split('\n', 1)[0] ?? '';
  if (code === 'DUPLICATE_KEY') return 'keep one of the two';
  if (code === 'TAB_AS_INDENT') return 'indent with spaces';
  if (code === 'MULTIPLE_DOCS') return 'keep one document: remove the line "---" between them';
  if (line.includes('${')) return 'put quotes around it: "${NAME}"';
  return 'mend the YAML of that line or the one before';
}

function fail(issue: Issue): never {
  throw new ConfigurationError(formatIssues([issue]), [issue]);
}
