import { suggest } from '@longhaul/kernel';
import type { FastifyInstance } from 'fastify';

/** Every route that was registered: tells a wrong method from an unknown path, which the router does not. */
export class RouteTable {
  private readonly routes = new Map<string, { pattern: RegExp; methods: Set<string> }>();

  /** Must be called before the first route is registered. */
  watch(instance: FastifyInstance): void {
    instance.addHook('onRoute', ({ url, method }) => {
      if (url.includes('*')) return;
      const source = url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z_]+/g, '[^/]+');
      const route = this.routes.get(url) ?? { pattern: new RegExp(`^${source}$`), methods: new Set() };
      for (const name of [method].flat()) route.methods.add(name);
      this.routes.set(url, route);
    });
  }

  /** The methods that the path has; empty for an unknown path. */
  allowed(path: string): string[] {
    return [...this.routes.values()].flatMap(({ pattern, methods }) => (pattern.test(path) ? [...methods] : [])).sort();
  }

  nearest(path: string): string | undefined {
    return suggest(path.slice(0, 100), this.routes.keys());
  }
}
