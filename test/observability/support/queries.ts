import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { REPO } from '../../../dev/bootstrap/paths.js';

/** A query, and who asks it. */
export interface Query {
  readonly of: string;
  readonly expr: string;
}

/** A rule of alerts.yaml. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A panel of dashboard.json. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

/** The rules that stand in deploy/observability. */
export function alertRules(): AlertRule[] {
  const { groups } = parse(read('alerts.yaml')) as { groups: { rules: AlertRule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

/** The dashboard's panels, rows among them. */
export function dashboardPanels(): Panel[] {
  return (JSON.parse(read('dashboard.json')) as { panels: Panel[] }).panels;
}

/** Every query of the dashboard and the rules; Grafana's variables are replaced as it would. */
export function queries(): Query[] {
  const panels = dashboardPanels().flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ of: `the panel "${title}"`, expr: expr.replaceAll('$__rate_interval', '5m') })),
  );
  const rules = alertRules().map(({ alert, expr }) => ({ of: `the rule ${alert}`, expr }));
  return [...panels, ...rules];
}

function read(file: string): string {
  return readFileSync(join(REPO, 'deploy/observability', file), 'utf8');
}
