/** The record of an execution, as far as tests look at it. */
export interface ExecutionView {
  execution_id: string;
  run_id: string;
  status: string;
  attempt: number;
  created_at: string;
  started_at?: string;
  completed_at?: string;
  status_detail?: string;
  metadata: Record<string, unknown>;
  output?: unknown;
  error?: { code: string; message: string };
}

export interface RunView {
  run_id: string;
  attempt: number;
  outcome?: string;
  worker_id: string;
  started_at: string;
  ended_at?: string;
}

/** The HTTP API, without any help: what a stranger with `fetch` would do. */
export class ApiClient {
  constructor(private readonly url: string) {}

  async post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}${path}`);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Every execution there is, newest first. */
  async executions(): Promise<ExecutionView[]> {
    const all: ExecutionView[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { items: ExecutionView[]; next_cursor: string | null } = await this.get(
        `/v1/executions?limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      all.push(...page.items);
      cursor = page.next_cursor;
    }
    return all;
  }

  /** A chat that must be accepted with 202, by the id of its execution. */
  async submit(agent: string, body: Record<string, unknown> = {}): Promise<string> {
    const response = await this.post(`/v1/agents/${agent}/chat`, { message: 'Work.', ...body });
    if (response.status !== 202) throw new Error(`${agent}: ${response.status} ${await response.text()}`);
    return ((await response.json()) as ExecutionView).execution_id;
  }

  /** The record; `waitS`: at its end, or after so many seconds. */
  async execution(id: string, waitS = 0): Promise<ExecutionView> {
    return this.get(`/v1/executions/${id}${waitS > 0 ? `?wait=${waitS}` : ''}`);
  }

  async runs(id: string): Promise<RunView[]> {
    return (await this.get<{ items: RunView[] }>(`/v1/executions/${id}/runs`)).items;
  }
}
