import { generateApiKey, loadGatewayConfig } from '@longhaul/config';
import { makeWorkspace } from '@longhaul/config/testing';
import { mayReadMetrics } from './may-read-metrics';

const ADMIN = generateApiKey();
const CLIENT = generateApiKey();
const AUTH = `auth: { api_keys: [{ name: a, key: ${ADMIN}, scopes: [admin] }, { name: c, key: ${CLIENT} }] }`;

describe('Where there is no API, metrics', () => {
  const may = (yaml: string, authorization?: string, isLoopback = false) =>
    mayReadMetrics(loadGatewayConfig({ workspace: makeWorkspace({ 'gateway.yaml': yaml }), env: {} }).config, {
      authorization,
      isLoopback,
    });

  it('are for keys of scope admin, where there are keys', () => {
    expect(may(AUTH, `Bearer ${ADMIN}`)).toBe(true);
    for (const other of [`Bearer ${CLIENT}`, 'Bearer lh_wrong', `Basic ${ADMIN}`, 'Bearer ', undefined])
      expect(may(AUTH, other, true)).toBe(false);
  });

  it('are for this machine, where there are none', () => {
    expect([may('', undefined, true), may('', undefined, false), may('', 'Bearer x', false)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('are for everybody, where the operator says so', () => {
    expect(may(`server: { metrics: { public: true } }\n${AUTH}`)).toBe(true);
  });
});
