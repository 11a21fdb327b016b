import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ToolRegistry } from '../tool-registry';
import { TOOLS_OPTIONS, type ToolsModuleOptions } from '../tools-options';
import { FilesWatch } from './watch-files';

/** With `watch`: has the registry read the files again when they change. */
@Injectable()
export class ToolsWatcher implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('tools');
  private files: FilesWatch | undefined;

  constructor(
    private readonly registry: ToolRegistry,
    @Inject(TOOLS_OPTIONS) private readonly options: ToolsModuleOptions,
  ) {}

  onApplicationBootstrap(): void {
    if (this.options.watch !== true) return;
    this.files = new FilesWatch({
      workspace: this.options.workspace,
      folder: 'tools',
      more: () => [],
      onChange: () => this.reload(),
      onError: (error) => this.logger.warn(`changes of tools may go unseen until a restart: ${error.message}`),
    });
  }

  onModuleDestroy(): void {
    this.files?.close();
  }

  private reload(): void {
    try {
      this.registry.reload();
    } catch (error) {
      // Files may go while they are read; the next change reads them again.
      this.logger.warn(`tools could not be read again and stay as they were: ${String(error)}`);
    }
  }
}
