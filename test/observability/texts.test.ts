import assert from 'node:assert/strict';

import { REASONS } from '../../src/domain/reasons.js';
import { anchors, prose, read } from '../docs/markdown.js';
import { alertRules, dashboardPanels, queries } from './support/queries.js';
import { parseQuery, selects } from './support/promql.js';

const RUNBOOK = 'docs/runbook.md';

describe('the alert rules', () => {
  it('each have an entry in the runbook, and the runbook has no others', () => {
    const entries = [...prose(read(RUNBOOK)).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);

    assert.deepEqual(
      entries,
      alertRules().map(({ alert }) => alert),
    );
  });

  it('each lead to their entry', () => {
    const headings = anchors(read(RUNBOOK));

    for (const { alert, annotations } of alertRules()) {
      const [file, anchor = ''] = (annotations['runbook_url'] ?? '').split('#');
      assert.equal(file, RUNBOOK, alert);
      assert.equal(anchor, alert.toLowerCase());
      assert.ok(headings.includes(anchor), alert);
    }
  });

  it('say what is wrong and how bad it is, and wait before they do', () => {
    for (const { alert, annotations, labels, for: wait } of alertRules()) {
      assert.ok((annotations['summary'] ?? '').length > 10, alert);
      assert.ok((annotations['description'] ?? '').length > 10, alert);
      assert.ok(['critical', 'warning'].includes(labels['severity'] ?? ''), alert);
      assert.match(wait, /^\d+[mh]$/, alert);
    }
  });

  it('name only reasons that there are', () => {
    const named = queries().flatMap(({ expr }) =>
      parseQuery(expr).selectors.flatMap(({ matchers }) =>
        matchers.filter(({ label }) => label === 'reason').flatMap(({ value }) => value.split('|')),
      ),
    );

    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter((reason) => !Object.hasOwn(REASONS, reason)),
      [],
    );
  });
});

describe('the runbook', () => {
  it('says for each entry what it means, where to look and what to do', () => {
    const entries = read(RUNBOOK).split(/^## /m).slice(1);

    for (const entry of entries)
      assert.match(entry, /\*\*Means\*\*[^]+\*\*Look at\*\*[^]+\*\*Do\*\*/, entry.slice(0, 40));
  });

  it('names panels that the dashboard has', () => {
    const titles = dashboardPanels().map(({ title }) => title);
    const named = [...prose(read(RUNBOOK)).matchAll(/(?<![\w`])_([A-Z][^_]+)_(?![\w`])/g)].map(
      ([, title = '']) => title,
    );

    assert.ok(named.length > 5);
    for (const name of named)
      assert.ok(
        titles.some((title) => title.startsWith(name)),
        name,
      );
  });
});

describe('the dashboard', () => {
  it('has a row for each part, and panels that do not overlap', () => {
    const panels = dashboardPanels();
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );

    const rows = panels.filter(({ type }) => type === 'row').map(({ title }) => title);
    assert.deepEqual(rows, ['Pairs', 'EC2', 'Watcher', 'Audit', 'Temporal', 'Process']);
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    assert.equal(new Set(cells).size, cells.length);
  });

  it('says with each panel what it shows, and names its lines by labels that the query keeps', () => {
    for (const { type, title, description = '', targets = [] } of dashboardPanels()) {
      if (type === 'row') continue;
      assert.ok(description.length > 10, title);
      assert.ok(targets.length > 0, title);
      for (const { expr, legendFormat } of targets) {
        const { groupedBy } = parseQuery(expr.replaceAll('$__rate_interval', '5m'));
        const labels = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
        assert.deepEqual(new Set(labels), new Set(groupedBy.filter((label) => label !== 'le')), title);
      }
    }
  });
});

describe('the reader of queries', () => {
  it('refuses what is no PromQL', () => {
    assert.throws(() => parseQuery('sum by (phase) (multi_eni_pairs'), /no PromQL/);
    assert.throws(() => parseQuery('multi_eni_pairs{phase=}'), /no PromQL/);
  });

  it('finds which series a query takes, and which it leaves', () => {
    const { selectors, groupedBy } = parseQuery('sum by (a) (rate(x{a!~"b|c",d="e"}[5m])) > 0.5 * y');

    assert.deepEqual(
      selectors.map(({ name }) => name),
      ['x', 'y'],
    );
    assert.deepEqual(groupedBy, ['a']);
    assert.deepEqual(
      [{ a: 'a', d: 'e' }, { a: 'b', d: 'e' }, { a: 'a' }].map((labels) => selects(selectors[0]!, labels)),
      [true, false, false],
    );
  });
});
