import { LineCounter, isMap, isNode, isScalar, isSeq, parseDocument, visit, type Document } from 'yaml';
import { WorkspaceFileError } from './workspace-file-error';

/** Enough for anchors that people write by hand, and too few for a bomb: 20 of them make 1,458 copies at the most. */
const MAX_ALIASES = 20;

const NESTING_HINT = 'flatten it';
const HINTS: Record<string, string> = {
  RESOURCE_EXHAUSTION: NESTING_HINT,
  TAB_AS_INDENT: 'indent with spaces',
  DUPLICATE_KEY: 'keep one of them',
  BAD_INDENT: 'line the keys up, with spaces',
};

export interface ParsedYaml {
  value: unknown;
  /** The line in the file of the key or item at this path, or of the nearest parent that is there. */
  lineOf(path: readonly PropertyKey[]): number;
}

/**
 * Front matter as plain values: YAML 1.2 core schema (no dates, no `yes`), duplicate keys are errors, aliases are
 * counted. `firstLine` is the line of the file at which `source` starts.
 */
export function parseYaml(source: string, firstLine: number): ParsedYaml {
  const lines = new LineCounter();
  const lineAt = (offset: number) => lines.linePos(offset).line + firstLine - 1;
  try {
    const document = parseDocument(source, { schema: 'core', lineCounter: lines, prettyErrors: false });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) {
      throw new WorkspaceFileError(lineAt(problem.pos[0]), problem.message, HINTS[problem.code] ?? 'correct the YAML');
    }
    checkAliases(document, lineAt);
    const value: unknown = document.toJS({ maxAliasCount: -1 });
    return { value, lineOf: (path) => lineAt(offsetOf(document, path)) };
  } catch (error) {
    // Nesting beyond the stack is reported by the parser as an error with this code, or overflows in what follows.
    if (error instanceof RangeError) throw new WorkspaceFileError(firstLine, 'is nested too deeply', NESTING_HINT);
    throw error;
  }
}

function checkAliases(document: Document, lineAt: (offset: number) => number): void {
  let count = 0;
  visit(document, {
    Alias: (_, alias) => {
      const line = lineAt(alias.range?.[0] ?? 0);
      count += 1;
      if (count > MAX_ALIASES) {
        throw new WorkspaceFileError(line, `more than ${MAX_ALIASES} YAML aliases`, 'write the values out');
      }
      if (alias.resolve(document)) return;
      throw new WorkspaceFileError(
        line,
        `*${alias.source} has no anchor before it`,
        'set the anchor, or quote the text',
      );
    },
  });
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const key of path) {
    let place: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      place = pair?.key;
      node = pair?.value;
    } else if (isSeq(node)) {
      place = node = node.items[Number(key)];
    }
    if (!isNode(place)) break;
    offset = place.range?.[0] ?? offset;
  }
  return offset;
}
