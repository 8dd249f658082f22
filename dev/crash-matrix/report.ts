import { type LifeCall, type Phase, type Stage, STAGES } from './calls.js';
import type { Matrix } from './run-matrix.js';
import { converged, lastLine, type Verdict } from './verdict.js';

const BEGIN = '<!-- crash-matrix:begin -->';
const END = '<!-- crash-matrix:end -->';

const WHEN: Readonly<Record<Phase, string>> = {
  make: 'a pair is made',
  replace: 'it is replaced',
  adopt: 'it is adopted',
  change: 'it is changed in place',
  release: 'it is released',
  sweep: 'its leaked ENI is deleted',
};

/** The matrix as Markdown: one row for each call, a column for each stage. */
export function markdown({ calls, verdicts }: Matrix): string {
  const rows = calls.map((call) => {
    const cells = STAGES.map((stage) => mark(verdicts, call, stage));
    return `| ${[WHEN[call.phase], call.service, call.key, ...cells].join(' | ')} |`;
  });
  return [
    '| When | To | Call | Killed before | Killed after | Reply lost |',
    '| --- | --- | --- | :-: | :-: | :-: |',
    ...rows,
    '',
    `\`${lastLine(verdicts)}\``,
  ].join('\n');
}

/** Puts text between the markers of a document. @throws Error when it has none */
export function between(document: string, text: string): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the document lacks ${BEGIN} and ${END}`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${document.slice(end)}`;
}

function mark(verdicts: readonly Verdict[], call: LifeCall, stage: Stage): string {
  const found = verdicts.find(({ boundary }) => boundary.call === call && boundary.stage === stage);
  if (found === undefined) return '–';
  return converged(found) ? '✓' : '✗';
}
