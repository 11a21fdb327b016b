import type { Approval, DecisionRequest } from '@longhaul/client';
import { type ClientFlags, connect } from '../client/connect';
import { readObject } from '../client/request-body';
import { EXIT, type ExitCode } from '../exit-codes';
import { oneLine } from '../terminal/event-line';
import { plain } from '../terminal/plain';
import { printFields, printJson, printTable } from '../terminal/print';

export interface ListApprovalsFlags extends ClientFlags {
  state: Approval['state'] | 'all';
  execution?: string;
  limit?: number;
  cursor?: string;
}

export interface RejectFlags extends ClientFlags {
  feedback?: string;
}

export interface ApproveFlags extends RejectFlags {
  arguments?: string;
}

const WIDTH = 60;

/** One page, newest first. */
export async function listApprovals(flags: ListApprovalsFlags): Promise<ExitCode> {
  const { state, execution, limit, cursor } = flags;
  const page = await connect(flags).approvals.list({
    ...(state === 'all' ? {} : { state }),
    ...(execution === undefined ? {} : { execution_id: execution }),
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
  });
  if (flags.json) {
    printJson(page);
    return EXIT.ok;
  }
  if (page.items.length === 0) console.error(state === 'pending' ? 'nothing is to be decided' : 'no approval fits');
  else
    printTable(['APPROVAL', 'STATE', 'AGENT', 'SUBJECT', 'REQUESTED', 'EXPIRES', 'ARGUMENTS'], page.items.map(rowOf));
  if (page.next_cursor !== null) console.error(`there are more: --cursor ${page.next_cursor}`);
  return EXIT.ok;
}

export async function showApproval(id: string, flags: ClientFlags): Promise<ExitCode> {
  const approval = await connect(flags).approvals.get(id);
  if (flags.json) {
    printJson(approval);
    return EXIT.ok;
  }
  const { arguments: args, schema, changed_arguments: changed, ...rest } = approval;
  printFields(rest);
  // In full, and last: this is what is decided on.
  printBlock('arguments', args);
  if (changed !== undefined) printBlock('changed_arguments', changed);
  if (schema !== undefined) printBlock('schema', schema);
  return EXIT.ok;
}

/** With what it asks, or with `--arguments`. */
export function approve(id: string, flags: ApproveFlags): Promise<ExitCode> {
  const args = flags.arguments === undefined ? {} : { arguments: readObject('--arguments', flags.arguments) };
  return decide(id, { decision: 'approve', ...args }, flags);
}

export function reject(id: string, flags: RejectFlags): Promise<ExitCode> {
  return decide(id, { decision: 'reject' }, flags);
}

async function decide(id: string, decision: DecisionRequest, flags: RejectFlags): Promise<ExitCode> {
  const { feedback } = flags;
  const body = { ...decision, ...(feedback === undefined ? {} : { feedback }) };
  const decided = await connect(flags).approvals.decide(id, body);
  if (flags.json) printJson(decided);
  else {
    const { approval_id, subject, decision: said, execution_id } = decided;
    console.log(`${approval_id} ${said === 'approve' ? 'approved' : 'rejected'}: ${oneLine(subject)}`);
    console.error(`it goes on: longhaul watch ${execution_id}`);
  }
  return EXIT.ok;
}

function rowOf({ approval_id, state, agent, subject, requested_at, expires_at, arguments: args }: Approval): string[] {
  return [
    approval_id,
    state,
    plain(agent),
    oneLine(subject, WIDTH),
    requested_at,
    expires_at ?? 'never',
    oneLine(JSON.stringify(args), WIDTH),
  ];
}

function printBlock(name: string, value: unknown): void {
  console.log(`${name}\n${plain(JSON.stringify(value, null, 2))}`);
}
