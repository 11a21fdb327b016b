import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from '@longhaul/telemetry';
import { parse } from 'yaml';
import { PromMetrics } from '../../libs/telemetry/src/metrics/prom-metrics';
import { ROOT } from './source-files';

interface Dashboard {
  panels: { title: string; targets: { expr: string; legendFormat: string }[] }[];
}
interface Rules {
  groups: { rules: { alert: string; expr: string; annotations: Record<string, string> }[] }[];
}

const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const dashboard = JSON.parse(text('deploy/grafana/longhaul.json')) as Dashboard;
const rules = (parse(text('deploy/prometheus/longhaul.rules.yaml')) as Rules).groups.flatMap(({ rules: all }) => all);

/** Each expression, and the templates that use what it answers. */
const USES = [
  ...dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr, legendFormat }) => ({ where: `panel ${title}`, expr, texts: [legendFormat] })),
  ),
  ...rules.map(({ alert, expr, annotations }) => ({ where: alert, expr, texts: Object.values(annotations) })),
];

/** Labels that Prometheus adds, and that of a histogram's buckets. */
const GIVEN = ['instance', 'job', 'le'];
const METRICS = Object.values(CATALOGUE);
const metricOf = (name: string) =>
  METRICS.find((metric) => metric.name === name || (metric.type === 'histogram' && isPartOf(name, metric.name)));
const isPartOf = (name: string, of: string) => ['_bucket', '_sum', '_count'].some((part) => name === of + part);
const namesIn = (expr: string) => [...expr.matchAll(/\b(?:longhaul|nodejs|process)_\w+/g)].map(([name]) => name);

describe('The dashboard and the alert rules', () => {
  it('are many, and each looks at something', () => {
    expect(dashboard.panels.length).toBeGreaterThan(12);
    expect(rules.length).toBeGreaterThan(6);
    for (const { where, expr } of USES) expect([where, namesIn(expr).length > 0]).toEqual([where, true]);
  });

  it('name metrics that there are', async () => {
    const process = (await new PromMetrics().scrape()).text;
    const unknown = USES.flatMap(({ where, expr }) =>
      namesIn(expr)
        .filter((name) => (name.startsWith('longhaul_') ? !metricOf(name) : !process.includes(`\n${name}`)))
        .map((name) => `${where}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it('ask these for labels that they have', () => {
    const wrong = USES.flatMap(({ where, expr, texts }) => {
      const has = new Set([...GIVEN, ...namesIn(expr).flatMap((name) => [...(metricOf(name)?.labels ?? [])])]);
      const grouped = [...expr.matchAll(/\b(?:by|without|on)\s*\(([^)]*)\)/g)].flatMap(([, list = '']) =>
        list.split(','),
      );
      const matched = [...expr.matchAll(/[{,]\s*(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label);
      const shown = texts.flatMap((one) =>
        [...one.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label = '']) => label),
      );
      return [...grouped, ...matched, ...shown]
        .map((label) => label.trim())
        .filter((label) => label !== '' && label !== '$value' && !has.has(label))
        .map((label) => `${where}: ${label}`);
    });
    expect(wrong).toEqual([]);
  });

  it('together with docs/observability.md leave no metric out', () => {
    const documented = text('docs/observability.md');
    expect(METRICS.map(({ name }) => name).filter((name) => !documented.includes(`\`${name}\``))).toEqual([]);
    const used = new Set(USES.flatMap(({ expr }) => namesIn(expr).map((name) => metricOf(name)?.name)));
    expect(METRICS.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
  });
});
