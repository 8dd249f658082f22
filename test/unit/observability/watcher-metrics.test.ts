import assert from 'node:assert/strict';

import { Registry } from 'prom-client';

import { PHASES } from '../../../src/domain/phase.js';
import { informerCheck } from '../../../src/observability/informer-check.js';
import { type PairFacts, watcherMetrics, type WatcherSources } from '../../../src/observability/watcher-metrics.js';

const NOW = 1_000_000;

function sources(changes: Partial<WatcherSources> = {}): WatcherSources {
  return {
    pairs: () => [],
    nodeEnis: () => 0,
    leads: () => true,
    informers: {},
    phases: PHASES,
    reasons: ['SubnetFull', 'Throttled'],
    now: () => NOW,
    ...changes,
  };
}

describe('the metrics about the watcher', () => {
  it('count pairs by phase and by reason at the time of the scrape, zeros included', async () => {
    const registry = new Registry();
    const pairs: PairFacts[] = [{ status: {} }, { status: { phase: 'Blocked', reason: 'SubnetFull' } }];
    watcherMetrics(registry, sources({ pairs: () => pairs }));
    await registry.metrics();

    pairs.push({ status: { phase: 'Deleting', reason: 'SubnetFull' } });

    const text = await registry.metrics();
    assert.match(text, /^multi_eni_pairs\{phase="Pending"\} 1$/m);
    assert.match(text, /^multi_eni_pairs\{phase="Attached"\} 0$/m);
    assert.match(text, /^multi_eni_pairs\{phase="Blocked"\} 1$/m);
    assert.match(text, /^multi_eni_pairs_blocked\{reason="SubnetFull"\} 2$/m);
    assert.match(text, /^multi_eni_pairs_blocked\{reason="Throttled"\} 0$/m);
  });

  it('show nothing of pairs and NodeENIs while they are not known', async () => {
    const registry = new Registry();
    watcherMetrics(registry, sources({ pairs: () => null, nodeEnis: () => null }));

    const text = await registry.metrics();

    assert.doesNotMatch(text, /^multi_eni_(?:pairs|pairs_blocked|node_enis)[{ ]/m);
  });

  it('tell how long ago the API server was heard about each kind, before the first time since the start', async () => {
    const registry = new Registry();
    let now = NOW;
    const informers = {
      Node: { synced: true, lastEventAt: NOW + 4_000 },
      NodeENI: { synced: false, lastEventAt: undefined },
    };
    watcherMetrics(registry, sources({ informers, now: () => now }));

    now = NOW + 10_000;

    const text = await registry.metrics();
    assert.match(text, /^multi_eni_informer_last_event_age_seconds\{kind="Node"\} 6$/m);
    assert.match(text, /^multi_eni_informer_last_event_age_seconds\{kind="NodeENI"\} 10$/m);
    assert.match(text, /^multi_eni_informer_synced\{kind="Node"\} 1$/m);
    assert.match(text, /^multi_eni_informer_synced\{kind="NodeENI"\} 0$/m);
  });

  it('say whether it works or stands by', async () => {
    let leads = false;
    const registry = new Registry();
    watcherMetrics(registry, sources({ leads: () => leads }));
    const before = await registry.metrics();

    leads = true;

    assert.match(before, /^multi_eni_watcher_leads 0$/m);
    assert.match(await registry.metrics(), /^multi_eni_watcher_leads 1$/m);
  });

  it('count passes by result and measure them and the times to attached', async () => {
    const registry = new Registry();
    const metrics = watcherMetrics(registry, sources());

    metrics.onPass('ok', 250);
    metrics.onAttached(4);

    const text = await registry.metrics();
    assert.match(text, /^multi_eni_watcher_passes_total\{result="ok"\} 1$/m);
    assert.match(text, /^multi_eni_watcher_passes_total\{result="failed"\} 0$/m);
    assert.match(text, /^multi_eni_watcher_pass_duration_seconds_sum 0\.25$/m);
    assert.match(text, /^multi_eni_time_to_attached_seconds_sum 4$/m);
  });
});

describe('the check of an informer', () => {
  const cases = [
    ['is not synced', { synced: false, lastEventAt: undefined }, /first list/],
    ['was heard lately', { synced: true, lastEventAt: NOW - 180_000 }, null],
    [
      'was not heard for more than three minutes',
      { synced: true, lastEventAt: NOW - 200_000 },
      /nothing heard for 200 s/,
    ],
  ] as const;

  for (const [what, facts, expected] of cases) {
    it(`${expected === null ? 'passes' : 'fails'} when it ${what}`, () => {
      const problem = informerCheck(facts, () => NOW)();

      if (expected === null) assert.equal(problem, null);
      else assert.match(problem ?? '', expected);
    });
  }
});
