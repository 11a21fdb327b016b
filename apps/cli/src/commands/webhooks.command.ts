import { Command, Option } from 'commander';
import type { ClientFlags } from '../client/connect';
import { asClient } from '../exit';
import { clientCommand, count, seconds, several } from './client-flags';
import type { AddEndpointFlags, ListEndpointsFlags, RotateFlags, SecretFlags, TestFlags } from './webhooks';

const load = () => require('./webhooks') as typeof import('./webhooks');

export function webhooksCommand(): Command {
  return new Command('webhooks')
    .description('The endpoints that are called when executions end.')
    .addCommand(
      clientCommand('list', 'One page, newest first.')
        .option('--limit <count>', 'of one page; 20 unless given', count)
        .option('--cursor <cursor>', 'the next page, as the one before named it')
        .action((flags: ListEndpointsFlags) => asClient(() => load().listEndpoints(flags))),
    )
    .addCommand(addCommand())
    .addCommand(
      clientCommand('remove', 'Call it no more; what is still to be delivered to it fails.')
        .argument('<id>', 'whe_…')
        .action((id: string, flags: ClientFlags) => asClient(() => load().removeEndpoint(id, flags))),
    )
    .addCommand(
      clientCommand('enable', 'Call it again, its circuit closed; what failed meanwhile: deliveries redeliver.')
        .argument('<id>', 'whe_…')
        .action((id: string, flags: ClientFlags) => asClient(() => load().switchEndpoint(id, true, flags))),
    )
    .addCommand(
      clientCommand('disable', 'Call it no more until it is enabled; what is still to be delivered to it fails.')
        .argument('<id>', 'whe_…')
        .action((id: string, flags: ClientFlags) => asClient(() => load().switchEndpoint(id, false, flags))),
    )
    .addCommand(
      clientCommand('secret', 'The secret that calls to your callback_urls are signed with.')
        .option('--operator', 'of webhooks that gateway.yaml and AGENT.md name; for keys of scope admin')
        .action((flags: SecretFlags) => asClient(() => load().showCallbackSecret(flags))),
    )
    .addCommand(
      clientCommand('rotate', 'Give it a new secret, shown this once; the old one signs too for a while.')
        .argument('<id>', 'whe_…')
        .option('--overlap <seconds>', 'how long the old one does; a day unless given', seconds)
        .action((id: string, flags: RotateFlags) => asClient(() => load().rotateEndpoint(id, flags))),
    )
    .addCommand(
      clientCommand('test', 'Send it a webhook.test, and tell what became of the first try.')
        .argument('<id>', 'whe_…')
        .option('--detach', 'only print the id of the delivery')
        .option('--wait-timeout <seconds>', 'how long to wait for the try; 30 unless given', seconds)
        .action((id: string, flags: TestFlags) => asClient(() => load().testEndpoint(id, flags))),
    );
}

function addCommand(): Command {
  return clientCommand('add', 'Call this URL when executions end; its secret is shown this once.')
    .argument('<url>', 'https://…')
    .option('--event <name>', 'execution.completed, .failed, .cancelled; several times; all unless given', several)
    .option('--agent <id>', 'only of this agent; may be given several times', several)
    .option('--description <text>', 'for people')
    .addOption(new Option('--body <which>', 'thin unless given; whole: the record').choices(['thin', 'whole']))
    .addOption(new Option('--envelope <form>', 'standard unless given').choices(['standard', 'cloudevents']))
    .action((url: string, flags: AddEndpointFlags) => asClient(() => load().addEndpoint(url, flags)));
}
