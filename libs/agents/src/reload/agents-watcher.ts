import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { FilesWatch } from '@longhaul/tools';
import { AgentRegistry } from '../agent-registry';
import { AGENTS_OPTIONS, type AgentsModuleOptions } from '../agents-options';
import type { CatalogueChange } from './catalogue-change';

/** With `watch`: has the registry read the files again when they change, and says what came of it. */
@Injectable()
export class AgentsWatcher implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('agents');
  private files: FilesWatch | undefined;
  /** The worker took them at its start. */
  private servedQueues: ReadonlySet<string> = new Set();
  private told = new Set<string>();

  constructor(
    private readonly registry: AgentRegistry,
    @Inject(AGENTS_OPTIONS) private readonly options: AgentsModuleOptions,
  ) {}

  onApplicationBootstrap(): void {
    this.tellProblems();
    if (this.options.watch !== true) return;
    this.servedQueues = new Set(this.registry.queues());
    this.files = new FilesWatch({
      workspace: this.options.workspace,
      folder: 'agents',
      more: () => this.registry.contextFiles,
      onChange: () => this.reload(),
      onError: (error) => this.logger.warn(`changes of agents may go unseen until a restart: ${error.message}`),
    });
  }

  onModuleDestroy(): void {
    this.files?.close();
  }

  private reload(): void {
    try {
      this.tellChange(this.registry.reload());
      this.tellProblems();
      this.tellQueues();
    } catch (error) {
      // Files may go while they are read; the next change reads them again.
      this.logger.warn(`agents could not be read again and stay as they were: ${String(error)}`);
    }
  }

  private tellChange({ kept, ...changes }: CatalogueChange): void {
    const parts = Object.entries(changes).filter(([, ids]) => ids.length > 0);
    const text = parts.map(([what, ids]) => `${what} ${ids.join(', ')}`).join('; ');
    if (text !== '') this.logger.log(`agents read again: ${text}`);
    if (kept.length > 0) this.logger.warn(`agents that do not load go on as they were: ${kept.join(', ')}`);
  }

  /** Each once, and again when it went and came back. */
  private tellProblems(): void {
    const { problems, warnings } = this.registry;
    const now = new Set<string>();
    for (const { path, message, hint } of [...problems, ...warnings]) {
      const line = `${path}: ${message}${hint === undefined ? '' : `; ${hint}`}`;
      now.add(line);
      if (!this.told.has(line)) this.logger.warn(line);
    }
    this.told = now;
  }

  private tellQueues(): void {
    const unserved = this.registry.list().filter(({ queue }) => !this.servedQueues.has(queue));
    for (const { id, queue } of unserved) {
      this.logger.warn(`agent "${id}" goes to the queue "${queue}", which workers serve after a restart only`);
    }
  }
}
