import { knownChannels } from '@longhaul/config';
import { makeWorkspace, testGatewayConfig } from '@longhaul/config/testing';
import type { Database } from '@longhaul/database';
import { createNotifiers, MessageComposer } from '@longhaul/delivery';
import type { JsonObject } from '@longhaul/kernel';
import type { ToolCall } from '@longhaul/tools';
import { DeliveryOrders } from '../../../libs/delivery/src/delivery-orders';
import { NotifierChannel } from '../../../libs/delivery/src/notifiers/notifier-channel';
import { NotifyToolKind } from '../../../libs/tools/src/kinds/notify/notify-tool-kind';
import { loadTools } from '../../../libs/tools/src/load-tools';
import type { ToolSettings } from '../../../libs/tools/src/tools-options';
import { describeOnDatabases } from '../../support/databases';
import { eventually } from '../../support/eventually';
import { HttpSink } from '../../support/sinks/http-sink';
import { DeliveryProcess, OPTIONS } from '../delivery/delivery-fixture';
import { empty } from '../executions/fixtures';

const NOTIFY = { channel: 'slack', subject: 'Order {{args.id}}', text: '{{args.text}}' };
const PARAMETERS = {
  type: 'object',
  properties: { id: { type: 'integer' }, text: { type: 'string' } },
  required: ['id', 'text'],
};

describeOnDatabases('A tool of kind notify', (get) => {
  let database: Database;
  let sink: HttpSink;
  let delivery: DeliveryProcess;

  beforeEach(async () => {
    ({ database } = get());
    await empty(database, 'deliveries', 'delivery_tries');
    sink = await HttpSink.start();
    sink.script = () => ({ body: { ok: true, channel: 'C1', ts: '1.2' } });
    delivery = new DeliveryProcess(get());
  });

  afterEach(async () => {
    await delivery.stop();
    sink.stop();
  });

  function load(notify: JsonObject, isConfigured = true) {
    const section = JSON.stringify({ token: 'xoxb-secret', channel: '#alerts', api_url: `${sink.url}/api/` });
    const { notifications } = testGatewayConfig(isConfigured ? { LONGHAUL_NOTIFICATIONS__SLACK: section } : {});
    const composer = new MessageComposer({ templates: {}, publicUrl: null, secrets: ['s3cret-of-ours'] });
    for (const notifier of createNotifiers(notifications, 'test')) {
      delivery.channels.register(new NotifierChannel(notifier, composer));
    }
    const frontMatter = JSON.stringify({ description: 'x', kind: 'notify', parameters: PARAMETERS, notify });
    const settings: ToolSettings = {
      workspace: makeWorkspace({ 'tools/tell/TOOL.md': `---\n${frontMatter}\n---\n` }),
      allowPrivateCidrs: [],
      expand: (value) => ({ value }),
      variable: () => undefined,
      channels: knownChannels(notifications),
    };
    return loadTools(settings, [new NotifyToolKind(settings, new DeliveryOrders(database, delivery.news, OPTIONS))]);
  }

  const callOf = (executionId: string, idempotencyKey = 'step_1') =>
    ({ executionId, owner: 'local', agent: 'triage', idempotencyKey }) as ToolCall;

  it('tells its channel once, however often the same call is made', async () => {
    const executionId = await delivery.submit();
    const { tool } = load(NOTIFY).tools[0]!;
    expect(tool.definition).toMatchObject({ effects: 'idempotent', tags: ['sends_out'] });
    const args = { id: 7, text: 'It is *late*.\n\nKey: s3cret-of-ours' };
    const answers = [];
    for (let time = 0; time < 3; time += 1) answers.push(await tool.run(args, callOf(executionId)));
    expect(answers).toEqual([
      { recipients: 1, ordered: 1, already_ordered: 0 },
      { recipients: 1, ordered: 0, already_ordered: 1 },
      { recipients: 1, ordered: 0, already_ordered: 1 },
    ]);
    delivery.sender.start();
    await eventually(() => sink.seen.length > 0);
    const [row, ...more] = await database.read('SELECT * FROM deliveries');
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      execution_id: executionId,
      event: 'tool.notified',
      agent: 'triage',
      target: '#alerts',
    });
    const sent = new URLSearchParams(sink.last.text);
    expect(sent.get('text')).toBe('Order 7\n\nIt is *late*.\n\nKey: [redacted]');
    await tool.run(args, callOf(executionId, 'step_2'));
    await eventually(() => sink.seen.length === 2);
  });

  it('tells each of its recipients', async () => {
    const executionId = await delivery.submit();
    const { tool } = load({ ...NOTIFY, to: ['#a', '#b'] }).tools[0]!;
    await expect(tool.run({ id: 1, text: 'x' }, callOf(executionId))).resolves.toMatchObject({ ordered: 2 });
  });

  it('refuses a message that is too long', async () => {
    const executionId = await delivery.submit();
    const { tool } = load(NOTIFY).tools[0]!;
    await expect(tool.run({ id: 1, text: 'x'.repeat(20_000) }, callOf(executionId))).rejects.toMatchObject({
      code: 'invalid_input',
      retryable: false,
    });
  });

  it.each<[string, JsonObject, RegExp]>([
    ['a recipient from an argument', { ...NOTIFY, to: '{{args.text}}' }, /notify.to: a recipient cannot come from an argument/],
    ['a webhook', { ...NOTIFY, channel: 'webhook' }, /notify.channel: expected slack or telegram/],
    ['a value that is no parameter', { ...NOTIFY, text: '{{args.txt}}' }, /\{\{args.txt\}\} is not in parameters/],
  ])('does not load with %s', (_, notify, message) => {
    expect(load(notify).problems.map((issue) => issue.message)).toEqual([expect.stringMatching(message)]);
  }); // prettier-ignore

  it('is unavailable where its channel is not configured, or cannot take its recipient', () => {
    const reason = (notify: JsonObject, isConfigured?: boolean) =>
      load(notify, isConfigured).tools[0]?.tool.definition.unavailableReason;
    expect(reason(NOTIFY, false)).toMatch(/slack is not configured: add to gateway.yaml/);
    expect(reason({ ...NOTIFY, to: 'a b' })).toMatch(/"to" of slack: expected a channel/);
  });
});
