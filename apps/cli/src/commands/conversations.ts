import { type ClientFlags, connect } from '../client/connect';
import { EXIT, type ExitCode } from '../exit-codes';
import { plain } from '../terminal/plain';
import { printJson, printTable } from '../terminal/print';
import { paint } from '../terminal/style';

export interface ListConversationsFlags extends ClientFlags {
  agent?: string;
  limit?: number;
  cursor?: string;
}

const PAGE = 100;

/** One page, newest first. */
export async function listConversations(flags: ListConversationsFlags): Promise<ExitCode> {
  const { agent, limit, cursor } = flags;
  const page = await connect(flags).conversations.list({
    ...(agent === undefined ? {} : { agent }),
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
  });
  if (flags.json) {
    printJson(page);
    return EXIT.ok;
  }
  const rows = page.items.map((item) => [item.conversation_id, item.agent, String(item.turns), item.last_at]);
  if (rows.length === 0) console.error('no conversation fits');
  else printTable(['CONVERSATION', 'AGENT', 'TURNS', 'LAST'], rows);
  if (page.next_cursor !== null) console.error(`there are more: --cursor ${page.next_cursor}`);
  return EXIT.ok;
}

/** All that was said, oldest first. */
export async function showConversation(id: string, flags: ClientFlags): Promise<ExitCode> {
  const { conversations } = connect(flags);
  const items = [];
  let cursor: string | null = '';
  do {
    const page = await conversations.messages(id, { limit: PAGE, ...(cursor === '' ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  if (flags.json) printJson({ conversation_id: id, items });
  else for (const { role, text } of items) console.log(`${paint('bold', `${role}:`)} ${plain(text)}\n`);
  return EXIT.ok;
}

export async function deleteConversation(id: string, flags: ClientFlags): Promise<ExitCode> {
  await connect(flags).conversations.delete(id);
  if (flags.json) printJson({ conversation_id: id, deleted: true });
  else console.log(`${id} deleted`);
  return EXIT.ok;
}
