import { join } from 'node:path';
import { cpSync } from 'node:fs';
import { makeWorkspace } from '@longhaul/config/testing';
import { ApiClient } from '../support/api-client';
import { freePort } from '../support/free-port';
import { GatewayProcess, longhaul } from '../support/gateway-process';

const SAMPLE = join(__dirname, '../../workspace');

/** A module with an agent that injects its neighbour, in JavaScript as tsc writes it. */
const MODULE = `
const { Agent } = require('longhaul');
const { Inject, Module } = require('@nestjs/common');
class Greeter { greet(name) { return 'Hello, ' + name; } }
class GreetAgent {
  constructor(greeter) { this.greeter = greeter; }
  async run(context) { return { text: this.greeter.greet(context.input.name) }; }
}
Inject(Greeter)(GreetAgent, undefined, 0);
Agent({ id: 'greet', executionMode: 'sync' })(GreetAgent);
class GreetModule {}
Module({ providers: [Greeter, GreetAgent] })(GreetModule);
module.exports = { GreetModule };
`;

/** A queue of one's own, and a listener. */
const QUEUE = `
import { Injectable } from '@nestjs/common';
import { ExecutionQueue, OnExecution, QueueBackend } from 'longhaul';
export class ListQueue extends ExecutionQueue {
  crossProcess = false;
  #lanes = new Map();
  async enqueue(lane, job) { this.#lanes.set(lane, [...(this.#lanes.get(lane) ?? []), job]); }
  async dequeue(lane) { const job = this.#lanes.get(lane)?.shift(); return job ? { lane, job, receipt: null } : null; }
  async ack() {}
  async nack({ lane, job }) { await this.enqueue(lane, job); }
  async cancel() { return false; }
}
QueueBackend()(ListQueue);
export class Announcer { said(execution) { console.log('ended: ' + execution.agent); } }
Injectable()(Announcer);
OnExecution('completed')(Announcer.prototype, 'said', Object.getOwnPropertyDescriptor(Announcer.prototype, 'said'));
`;

async function serve(workspace: string, test: (api: ApiClient, gateway: GatewayProcess) => Promise<void>) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const gateway = new GatewayProcess(['--workspace', workspace, '--port', String(port)], {}, url);
  try {
    await gateway.ready();
    await test(new ApiClient(url), gateway);
  } finally {
    await gateway.signal('SIGKILL');
  }
}

const ask = async (api: ApiClient, agent: string, input: object) =>
  (await api.post(`/v1/agents/${agent}/invoke`, { input })).json() as Promise<Record<string, unknown>>;

describe('longhaul serve with extensions', () => {
  it.each([
    ['Site is down', 'Nothing loads', { category: 'outage', priority: 'high', reason: 'it says "down"' }],
    ['Question', 'Where is my invoice?', { category: 'billing', priority: 'default', reason: 'it says "invoice"' }],
    ['Hello', 'Hi', { category: 'question', priority: 'default', reason: 'no rule knows any of its words' }],
  ])('runs the sample agent triage wherever the workspace lies: "%s"', async (subject, body, output) => {
    const workspace = makeWorkspace();
    cpSync(SAMPLE, workspace, { recursive: true, filter: (path) => !path.includes('data') });
    await serve(workspace, async (api) => {
      expect(await ask(api, 'triage', { subject, body })).toMatchObject({ status: 'completed', output });
    });
  });

  it('runs agents of a module, in CommonJS, with what they inject', async () => {
    const files = { 'gateway.yaml': 'extensions: [./dist/greet.module.js]', 'dist/greet.module.js': MODULE };
    await serve(makeWorkspace(files), async (api) => {
      expect(await ask(api, 'greet', { name: 'Ada' })).toMatchObject({ output: { text: 'Hello, Ada' } });
    });
  });

  it('runs on a queue that an extension brings, and tells its listeners', async () => {
    const workspace = makeWorkspace({
      'gateway.yaml': 'queue: { backend: custom }\nextensions: [acme-queue]',
      'node_modules/acme-queue/package.json': '{"name":"acme-queue","exports":"./index.mjs"}',
      'node_modules/acme-queue/index.mjs': QUEUE,
      'agents/echo/AGENT.md': '---\nexecution_mode: sync\n---\nEcho.',
    });
    await serve(workspace, async (api, gateway) => {
      const answer = await api.post('/v1/agents/echo/chat', { message: 'hello' });
      expect(await answer.json()).toMatchObject({ status: 'completed' });
      await gateway.until(() => gateway.log.includes('ended: echo'));
    });
  });

  it.each([
    ['./nope.mjs', 'extensions[0]: "./nope.mjs" is not there'],
    ['./await.mjs', 'extensions[0]: "./await.mjs" has a top-level await; move it into a provider'],
    ['./throws.mjs', 'extensions[0]: "./throws.mjs" threw while it was loaded: no luck at'],
    ['./broken.mjs', 'extensions[0]: "./broken.mjs" threw while it was loaded'],
  ])('refuses %s with exit code 2', async (name, said) => {
    const workspace = makeWorkspace({
      'await.mjs': 'export default await Promise.resolve(1);',
      'throws.mjs': "throw new Error('no luck');",
      'broken.mjs': 'export default {',
    });
    const { status, stderr } = await longhaul(['serve', '--workspace', workspace], { LONGHAUL_EXTENSIONS: name });
    expect(stderr).toContain(said);
    expect(status).toBe(2);
  });

  it('refuses queue.backend custom without a queue', async () => {
    const env = { LONGHAUL_QUEUE__BACKEND: 'custom' };
    const { status, stderr } = await longhaul(['serve', '--workspace', makeWorkspace()], env);
    expect(stderr).toContain('export a class with @QueueBackend() from one of extensions');
    expect(status).toBe(2);
  });
});
