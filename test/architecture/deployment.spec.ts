import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadGatewayConfig } from '@longhaul/config';
import { makeWorkspace } from '@longhaul/config/testing';
import { assertRoleFits } from '@longhaul/gateway';
import { parse } from 'yaml';
import { ROOT } from './source-files';

interface Service {
  command: string[];
  environment: Record<string, string | number>;
  healthcheck?: { test: string[] };
  profiles?: string[];
  deploy?: { replicas: number };
  stop_grace_period: string;
}

const { services } = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<'api' | 'worker' | 'postgres' | 'redis' | 'rabbitmq', Service>;
};

/** What a person sets, and what compose makes of `${NAME:-default}` and `${NAME:?why}`. */
function environmentOf({ environment }: Service, shell: Record<string, string>): Record<string, string> {
  const interpolate = (text: string) =>
    text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_whole, name: string, kind = '', rest = '') => {
      const value = shell[name] ?? (kind === '-' ? String(rest) : undefined);
      if (value === undefined) throw new Error(`${name} is not set: ${rest}`);
      return value;
    });
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, interpolate(String(value))]));
}

describe('docker-compose.yml', () => {
  it('runs the API, three workers and what they stand on, each with a health check', () => {
    expect(Object.keys(services).sort()).toEqual(['api', 'postgres', 'rabbitmq', 'redis', 'worker']);
    for (const service of Object.values(services)) expect(service.healthcheck?.test.length).toBeGreaterThan(1);
    expect(services.worker.deploy?.replicas).toBe(3);
    expect(services.rabbitmq.profiles).toEqual(['rabbitmq']);
    expect([services.api.command.at(-1), services.worker.command.at(-1)]).toEqual(['--api-only', '--worker-only']);
  });

  it.each(['redis', 'rabbitmq'])('sets nothing that Longhaul does not know, or warns of (%s)', (backend) => {
    const shell = { LONGHAUL_API_KEY: 'a-key-of-sixteen-and-more', LONGHAUL_QUEUE__BACKEND: backend };
    for (const role of ['api', 'worker'] as const) {
      const env = environmentOf(services[role], shell);
      const { config, warnings } = loadGatewayConfig({ workspace: makeWorkspace(), env });
      expect(warnings).toEqual([]);
      expect(config.queue.backend).toBe(backend);
      expect(config.persistence.backend).toBe('postgres');
      expect(() => assertRoleFits(role, config)).not.toThrow();
      const port = role === 'api' ? config.server.port : config.worker.healthPort;
      expect(services[role].healthcheck?.test.join(' ')).toContain(`:${port}/health/ready`);
      expect(Number.parseInt(services[role].stop_grace_period, 10)).toBeGreaterThan(config.queue.drainTimeoutS);
    }
  });

  it('has no default key: it does not start without one of your own', () => {
    expect(() => environmentOf(services.api, {})).toThrow('LONGHAUL_API_KEY is not set');
  });
});

describe('Dockerfile', () => {
  it('does not run as root, and runs on a Node that Longhaul supports', () => {
    const lines = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').split('\n');
    const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
    expect(last[0]).toMatch(/^FROM node:24\b/);
    const users = last.filter((line) => line.startsWith('USER '));
    expect(users.at(-1)).toMatch(/^USER (?!root|0)/);
  });
});
