import { Agent, request } from 'node:http';
import type { JsonObject } from '@longhaul/kernel';

/** One connection that is kept: what a caller who sends one request at a time pays. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Sends one request and gives its JSON. Rejects for any status but 200 and 202. */
export function send(method: 'GET' | 'POST', url: string, body?: string): Promise<JsonObject> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const outgoing = request(url, { method, agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        if (response.statusCode === 200 || response.statusCode === 202) resolve(JSON.parse(text) as JsonObject);
        else reject(new Error(`${method} ${url} answered ${response.statusCode}: ${text}`));
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
