import type { AuditInput, AuditReport } from '../contract/audit.js';

/** An audit in Markdown, as the Web UI shows it under "Current details". */
export function auditDetails({ orphanMode, orphanMinAgeMs }: AuditInput, report: AuditReport): string {
  const { orphans, drift } = report;
  const kinds = Object.entries(drift).map(([kind, count]) => `${count} × ${kind}`);
  const rows: [string, string | number][] = [
    ['ENIs', report.enis],
    ['Attachments', report.attachments],
    ['Not as they should be', kinds.length === 0 ? 'none' : kinds.join(', ')],
    ['Told to look again', report.woken],
    ['Could not be told', report.notWoken],
    ['Without an Attachment, on an instance (left alone)', orphans.attached],
    ['Without an Attachment, on nothing', orphans.available],
    [`Of these seen for ${Math.round(orphanMinAgeMs / 1000)} s`, report.leaked],
    [orphanMode === 'delete' ? 'Deleted' : 'Deleted (MULTI_ENI_ORPHAN_MODE is report)', report.deleted.join(', ') || 0],
    ...report.kept.map((reason): [string, string] => ['Kept', reason]),
  ];
  return ['### Audit', '', '| | |', '|--|--|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}
