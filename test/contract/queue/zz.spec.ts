import { startRabbitMq } from '../../support/servers';
import { RabbitMqQueue } from '../../../libs/queue/src/providers/rabbitmq';
import { newJob } from '@longhaul/queue/testing';
it('debug', async () => {
  const server = await startRabbitMq();
  const t0 = Date.now();
  const say = (...a: unknown[]) => process.stderr.write(`${Date.now() - t0} ${a.map(String).join(' ')}\n`);
  const q = new RabbitMqQueue({ url: server.url, queueName: 'x' });
  await q.open();
  await q.enqueue('a', newJob()); await q.dequeue('a').then((d) => d && q.ack(d)); await q.enqueue('a', newJob());
  const p = (q as unknown as { producer: Record<string, any> }).producer;
  const orig = p['newChannel'].bind(p);
  p['newChannel'] = async (lost: () => void) => { say('newChannel', !!p['manager']?.connection); const c = p['manager']?.connection; if (c && !c.x) { c.x = 1; const o = c.createConfirmChannel.bind(c); c.createConfirmChannel = async () => { say('ccc'); const r = await o(); say('ccc ok'); const a = r.assertQueue.bind(r); r.assertQueue = async (...x: unknown[]) => { say('assert'); const y = await a(...x); say('asserted'); return y; }; return r; }; } try { const r = await orig(lost); say('newChannel ok'); return r; } catch (e) { say('newChannel failed', e); throw e; } };
  const ch = p['channelNow']; ch.on('close', () => say('old channel close'));
  await server.kill(); say('killed');
  for (const v of [() => q.enqueue('a', newJob()), () => q.dequeue('a'), () => q.ping()]) await v().catch((e) => say('verb', e));
  await server.restart(); say('up');
  for (let i = 0; i < 300; i++) { const r = await q.ping().then(() => 1).catch((e) => (say('ping', e), 0)); if (r) { say('pong'); break; } await new Promise((r) => setTimeout(r, 20)); }
  for (let i = 0; i < 5; i++) { const r = await q.enqueue('a', newJob()).then(() => 1).catch((e) => (say('enq', e), 0)); if (r) { say('accepted'); break; } await new Promise((r) => setTimeout(r, 2000)); }
  for (let i = 0; i < 5; i++) { const r = await q.dequeue('a').catch((e) => say('deq', e)); say('got', JSON.stringify(r && r.job)) }
  const dir = (server as unknown as { command: { directory: string } }).command.directory + '/log';
  for (const f of require('fs').readdirSync(dir)) process.stderr.write(require('fs').readFileSync(`${dir}/${f}`, 'utf8').split('\n').filter((l: string) => /v1.a|quorum|ra_|wal|WAL|crash|error/i.test(l)).join('\n'));
  await q.close();
  await server.stop();
}, 100000);
