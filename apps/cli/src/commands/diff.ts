import type { ExecutionDiff, Step } from '@longhaul/client';
import { type ClientFlags, connect } from '../client/connect';
import { outputText } from '../client/outcome';
import { EXIT, type ExitCode } from '../exit-codes';
import { plain } from '../terminal/plain';
import { printJson, printTable } from '../terminal/print';

export interface DiffFlags extends ClientFlags {
  results?: boolean;
}

type Side = ExecutionDiff['left'];
type ComparedStep = ExecutionDiff['steps'][number];

/** The facts of both, their steps, and what came of them where that is not the same. */
export async function showDiff(left: string, right: string, flags: DiffFlags): Promise<ExitCode> {
  const diff = await connect(flags).diff(left, right, flags.results ? { include: 'result' } : {});
  if (flags.json) printJson(diff);
  else printDiff(diff);
  return EXIT.ok;
}

function printDiff(diff: ExecutionDiff): void {
  const { left, right, counts } = diff;
  printTable(['', 'LEFT', 'RIGHT'], factRows(left, right));
  console.log('');
  if (diff.steps.length > 0) {
    printTable(['STEP', 'DIFF', 'LEFT', 'RIGHT'], diff.steps.map(stepRow));
    const names = { only_left: 'only left', only_right: 'only right' };
    const told = Object.entries(counts).map(([name, count]) => `${count} ${names[name as keyof typeof names] ?? name}`);
    console.log(`${diff.steps.length} steps: ${diff.shared_steps} shared; ${told.join(', ')}\n`);
  }
  if (diff.results_truncated) console.log('the first 8 MB of results are shown; the others: longhaul executions steps');
  if (diff.input === 'changed') console.log('the input is another one');
  printSaid('prompt', left.prompt, right.prompt);
  printSaid('output', saidBy(left), saidBy(right));
}

function factRows(left: Side, right: Side): string[][] {
  const rows: [string, (side: Side) => string][] = [
    ['execution', ({ execution }) => execution.execution_id],
    ['agent', ({ execution }) => execution.agent],
    ['forked from', ({ execution }) => execution.forked_from ?? ''],
    ['changed', ({ execution }) => execution.fork?.changed.join(', ') ?? ''],
    ['model', ({ model }) => model ?? ''],
    ['status', ({ execution }) => execution.status],
    ['duration', (side) => inSeconds(side.duration_ms)],
    ['tokens in', ({ execution: { usage } }) => (usage ? String(usage.input_tokens) : '')],
    ['tokens out', ({ execution: { usage } }) => (usage ? String(usage.output_tokens) : '')],
    ['cost', ({ execution: { usage } }) => (usage?.cost_usd === undefined ? '' : `$${usage.cost_usd}`)],
  ];
  return rows
    .map(([name, of]) => [name, of(left), of(right)])
    .filter(([, ofLeft, ofRight]) => ofLeft !== '' || ofRight !== '');
}

function stepRow({ key, outcome, shared, left, right }: ComparedStep): string[] {
  const how = shared ? (outcome === 'same' ? 'shared' : 'shared, changed') : outcome.replace('_', ' ');
  return [key, how, stepText(left), shared && outcome === 'same' ? '' : stepText(right)];
}

function stepText(step: Step | undefined): string {
  if (!step) return '';
  const { status, error, result, started_at: from, completed_at: to } = step;
  const took = to === undefined ? '' : ` ${inSeconds(Date.parse(to) - Date.parse(from))}`;
  const said = error ? ` ${error.message} (${error.code})` : result === undefined ? '' : ` ${JSON.stringify(result)}`;
  return `${status}${took}${said}`;
}

function saidBy({ execution: { output, error } }: Side): string | undefined {
  if (error) return `${error.message} (${error.code})`;
  return output === undefined ? undefined : outputText(output);
}

/** What both say is printed once. */
function printSaid(what: string, left: string | undefined, right: string | undefined): void {
  if (left === undefined && right === undefined) return;
  if (left === right) return console.log(`${what}, of both:\n${lines('  ', left)}`);
  console.log(`${what}:\n${lines('- ', left)}${lines('+ ', right)}`.trimEnd());
}

function lines(mark: string, text: string | undefined): string {
  if (text === undefined) return '';
  return plain(text)
    .split('\n')
    .map((line) => `${mark}${line}\n`)
    .join('');
}

function inSeconds(ms: number | undefined): string {
  return ms === undefined ? '' : `${(ms / 1_000).toFixed(1)} s`;
}
