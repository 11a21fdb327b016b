import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { Test } from '@nestjs/testing';
import { makeWorkspace } from '../testing';
import type { GatewayConfig } from './gateway-config';
import { GATEWAY_CONFIG, GatewayConfigModule, InjectGatewayConfig } from './gateway-config.module';
import { loadGatewayConfig } from './load-gateway-config';

@Injectable()
class NeedsConfig {
  constructor(@InjectGatewayConfig() readonly config: GatewayConfig) {}
}

const load = () => loadGatewayConfig({ workspace: makeWorkspace({ '.env': 'LONGHAUL_QUEUE__WORKERS=7' }), env: {} });

describe('GatewayConfigModule', () => {
  it('gives every module the very object that was loaded', async () => {
    const loaded = load();
    const module = await Test.createTestingModule({
      imports: [GatewayConfigModule.forRoot(loaded)],
      providers: [NeedsConfig],
    }).compile();
    expect(module.get(NeedsConfig).config).toBe(loaded.config);
    expect(module.get(GATEWAY_CONFIG)).toBe(loaded.config);
    expect(module.get(ConfigService).get('gateway.queue.workers')).toBe(7);
  });

  it('keeps gateways in one process apart and leaves process.env alone', async () => {
    const before = { ...process.env };
    const [first, second] = await Promise.all(
      [load(), load()].map(async (loaded) => {
        const module = await Test.createTestingModule({ imports: [GatewayConfigModule.forRoot(loaded)] }).compile();
        return { loaded, config: module.get<GatewayConfig>(GATEWAY_CONFIG) };
      }),
    );
    expect(first?.config).toBe(first?.loaded.config);
    expect(second?.config).toBe(second?.loaded.config);
    expect(process.env).toEqual(before);
  });
});
