import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AgentRegistry } from '@longhaul/agents';
import {
  type GatewayConfig,
  InjectGatewayConfig,
  type KnownChannels,
  knownChannels,
  type NotifyTarget,
  type NotifyTargets,
  readTargets,
} from '@longhaul/config';
import {
  type DeliveryOrder,
  DeliveryPlanner,
  DeliveryRules,
  type EndEvent,
  endEventOf,
  notificationOrders,
} from '@longhaul/delivery';
import { type Execution, type TransitionChange, TRANSITIONS } from '@longhaul/executions';

/**
 * Who is told of an end: those that the agent names, else those that gateway.yaml names for all agents, and besides
 * those that the submission named. Where nobody says anything of a time-out it is an error like any other. And who is
 * told that a person must decide on something.
 */
@Injectable()
export class NotificationRules extends DeliveryRules implements OnModuleInit {
  private readonly known: KnownChannels;

  constructor(
    private readonly planner: DeliveryPlanner,
    private readonly agents: AgentRegistry,
    @InjectGatewayConfig() private readonly config: GatewayConfig,
  ) {
    super();
    this.known = knownChannels(config.notifications);
  }

  onModuleInit(): void {
    this.planner.register(this);
  }

  ordersFor({ transition, execution }: TransitionChange): readonly DeliveryOrder[] {
    if (transition === 'park') return this.approvalOrders(execution);
    // What came of a tool's call is told to the agent whose call it is.
    if (execution.kind !== 'agent') return [];
    const { to, event } = TRANSITIONS[transition];
    const end = to === 'completed' || to === 'failed' ? endEventOf(execution) : null;
    if (end === null) return [];
    const configured = this.ofAgent(execution.target, end) ?? this.byDefault(end) ?? [];
    const submitted = readTargets(execution.notify?.channels as NotifyTargets | undefined);
    return [
      ...notificationOrders(configured, this.known, event),
      ...notificationOrders(submitted, this.known, event, { source: 'client' }),
    ];
  }

  /** Once for each approval, however often the execution parks for it. */
  private approvalOrders({ id, target, waitingFor }: Execution): readonly DeliveryOrder[] {
    const approvals = (waitingFor ?? []).filter(({ kind }) => kind === 'approval');
    if (approvals.length === 0) return [];
    const byDefault = this.config.notifications.defaults.onApproval;
    const targets = this.agents.find(target)?.notifications.approval ?? readTargets(byDefault);
    return approvals.flatMap(({ wait_id: approval, name = '' }) => {
      const message = {
        subject: `${target} asks for approval: ${name}`,
        paragraphs: [`longhaul approvals show ${approval}`, `execution ${id}`],
        severity: 'info' as const,
      };
      const orders = notificationOrders(targets, this.known, 'approval.requested', { message });
      return orders.map((order) => ({ ...order, subject: approval }));
    });
  }

  private ofAgent(id: string, end: EndEvent): readonly NotifyTarget[] | undefined {
    const { notifications } = this.agents.find(id) ?? {};
    return notifications?.[end] ?? (end === 'timeout' ? notifications?.error : undefined);
  }

  private byDefault(end: EndEvent): readonly NotifyTarget[] | undefined {
    const { onComplete, onError, onTimeout } = this.config.notifications.defaults;
    const written = { complete: onComplete, error: onError, timeout: onTimeout ?? onError }[end];
    return written === undefined ? undefined : readTargets(written);
  }
}
