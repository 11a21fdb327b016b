import { Injectable } from '@nestjs/common';
import type { Tool } from './tool';

/** Every tool that there is, by name. */
@Injectable()
export class ToolRegistry {
  private readonly tools = new Map<string, Tool>();

  find(name: string): Tool | undefined {
    return this.tools.get(name);
  }

  /** By name. */
  list(): readonly Tool[] {
    return [...this.tools.values()].sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
  }
}
