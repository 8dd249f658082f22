import type { Target } from '../contract/activities.js';
import type { DesiredStatus } from '../domain/attachment-status.js';
import { REASONS } from '../domain/reasons.js';
import type { Step } from '../domain/step.js';
import { stepSummary } from './summary.js';

/** The pair in Markdown, as the Web UI shows it under "Current details". */
export function details(target: Target, status: DesiredStatus, step: Step): string {
  const rows: [string, string | undefined][] = [
    ['Node', target.nodeName],
    ['NodeENI', target.nodeEniName],
    ['Attachment', `${target.name} (\`kubectl get enia ${target.name} -o yaml\`)`],
    ['ENI', status.eniId],
    ['Attachment id', status.attachmentId],
    ['Private IP', status.privateIp],
    ['MAC', status.macAddress],
    ['Subnet', status.subnetId],
    ['Zone', status.zone],
  ];
  const table = rows.filter(([, value]) => value !== undefined).map(([name, value]) => `| ${name} | ${value ?? ''} |`);
  return [
    `### ${status.phase}`,
    '',
    `Now: ${stepSummary(step)}`,
    ...trouble(status),
    '',
    '| | |',
    '|--|--|',
    ...table,
  ].join('\n');
}

function trouble(status: DesiredStatus): string[] {
  if (status.reason === undefined) return [];
  return ['', `**${status.reason}**: ${status.message ?? ''}`, '', `What to do: ${REASONS[status.reason]}.`];
}
