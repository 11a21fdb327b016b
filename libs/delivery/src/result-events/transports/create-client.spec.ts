import { assertInstalled } from './create-client';

describe('a transport of result events whose package is not installed', () => {
  it.each([
    ['nats', '@nats-io/transport-node'],
    ['kafka', 'kafkajs'],
  ] as const)('%s is refused by the name of the package', (transport, name) => {
    const issue = {
      path: 'result_events.transport',
      message: `${transport} needs the package ${name}, which is not installed`,
      hint: `npm install ${name}, or choose redis or rabbitmq`,
    };
    expect(() => assertInstalled(transport)).toThrow(expect.objectContaining({ issues: [issue] }));
  });

  it.each(['redis', 'rabbitmq'] as const)('%s comes with Longhaul', (transport) => {
    expect(() => assertInstalled(transport)).not.toThrow();
  });
});
