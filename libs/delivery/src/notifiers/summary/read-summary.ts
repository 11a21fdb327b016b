import type { Database } from '@longhaul/database';
import { cutText, oneLine } from '../messages/clean-text';
import type { SummaryDay } from './summary-day';

/** What ended in a day, of all owners. */
export interface Summary {
  totals: { completed: number; failed: number; cancelled: number };
  /** By agent, most executions first. */
  agents: { agent: string; completed: number; failed: number; cancelled: number }[];
  /** By what they have in common, most first. */
  failures: { count: number; agent: string; code: string; message: string; fingerprint: string }[];
  /** Failures of whatever day that nobody has looked after. */
  open: number;
}

const MAX_AGENTS = 50;
const MAX_FAILURES = 10;

/** Goes over the executions of the day: once a day, by one process. */
export async function readSummary(database: Database, { from, until }: SummaryDay): Promise<Summary> {
  const agents = await database.read(
    `SELECT target AS agent, sum(CASE WHEN status = 'completed' THEN 1 ELSE 0 END) AS completed,
            sum(CASE WHEN status = 'failed' THEN 1 ELSE 0 END) AS failed,
            sum(CASE WHEN status = 'cancelled' THEN 1 ELSE 0 END) AS cancelled
     FROM executions WHERE completed_at >= $1 AND completed_at < $2
     GROUP BY target ORDER BY count(*) DESC, target`,
    [from, until],
  );
  const failures = await database.read(
    `SELECT count(*) AS count, target AS agent, reason AS code, max(message) AS message, fingerprint
     FROM dead_letters WHERE failed_at >= $1 AND failed_at < $2
     GROUP BY target, reason, fingerprint ORDER BY count(*) DESC, fingerprint LIMIT ${MAX_FAILURES}`,
    [from, until],
  );
  const [open] = await database.read('SELECT count(*) AS count FROM dead_letters WHERE handled_at IS NULL');
  const counted = agents.map((row) => ({
    agent: String(row.agent),
    completed: Number(row.completed),
    failed: Number(row.failed),
    cancelled: Number(row.cancelled),
  }));
  const sum = (key: 'completed' | 'failed' | 'cancelled') => counted.reduce((total, row) => total + row[key], 0);
  return {
    totals: { completed: sum('completed'), failed: sum('failed'), cancelled: sum('cancelled') },
    agents: counted.slice(0, MAX_AGENTS),
    failures: failures.map((row) => ({
      count: Number(row.count),
      agent: String(row.agent),
      code: String(row.code),
      message: cutText(oneLine(String(row.message)), 200),
      fingerprint: String(row.fingerprint),
    })),
    open: Number(open?.count),
  };
}

/** As people read it. */
export function summaryText({ totals, agents, failures, open }: Summary, { date }: SummaryDay) {
  const list = (title: string, lines: string[]) => (lines.length === 0 ? [] : [[title, ...lines].join('\n')]);
  return {
    subject: `Longhaul, ${date}: ${countsOf(totals)}`,
    paragraphs: [
      'The 24 hours before.',
      ...list(
        'Agents',
        agents.map(({ agent, ...counts }) => `  ${agent}: ${countsOf(counts)}`),
      ),
      ...list(
        'Failures',
        failures.map(
          ({ count, agent, code, message, fingerprint }) =>
            `  ${count} x ${agent}: ${code}: ${message} (${fingerprint})`,
        ),
      ),
      `Dead letters that nobody has looked after: ${open}`,
    ],
  };
}

function countsOf({ completed, failed, cancelled }: Summary['totals']): string {
  const parts = [`${completed} completed`, `${failed} failed`, ...(cancelled > 0 ? [`${cancelled} cancelled`] : [])];
  return parts.join(', ');
}
