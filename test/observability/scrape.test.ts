import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { REPO } from '../../dev/bootstrap/paths.js';
import { eventually } from '../../dev/stack/eventually.js';
import { seedNodes } from '../../dev/stack/nodes.js';
import { World } from '../../dev/world/world.js';
import { type Exposition, parseExposition } from './support/exposition.js';
import { parseQuery, selects } from './support/promql.js';
import { queries } from './support/queries.js';

const NODE = 'scraped-node';

/** The SDK makes it when a workflow task fails, which none does here; that the SDK knows it is looked up in its code. */
const AFTER_A_FAILURE = 'temporal_workflow_task_execution_failed_total';

describe('a running controller', function () {
  this.timeout(180_000);
  let world: World;
  let scrape: Exposition;

  before(async () => {
    world = await World.start({ env: { MULTI_ENI_AUDIT_INTERVAL: '5s' } });
    await world.stack.ec2.control.faults([
      { action: 'CreateNetworkInterface', code: 'RequestLimitExceeded', status: 503 },
      { action: 'AttachNetworkInterface', code: 'InternalError', status: 500 },
    ]);
    await seedNodes(world.stack, world.vpc, [{ name: NODE, labels: { scraped: 'yes' } }]);
    await makeNodeEni('scraped-attached', 1, world.subnet('a'));
    await makeNodeEni('scraped-blocked', 2, 'subnet-0123456789abcdef0');
    await world.pairs.untilAttached('scraped-attached', [NODE], 60_000);
    await eventually('the other pair is blocked', async () => {
      const [blocked] = await world.objects.attachments('scraped-blocked');
      return blocked?.status?.reason === 'SubnetNotFound';
    });
  });

  after(async () => world.stop());

  async function makeNodeEni(name: string, deviceIndex: number, subnetID: string): Promise<void> {
    const securityGroupIDs = [world.group('one')];
    await world.objects.createNodeEni(name, {
      nodeSelector: { scraped: 'yes' },
      subnetID,
      securityGroupIDs,
      deviceIndex,
    });
  }

  async function metrics(): Promise<string> {
    return (await fetch(world.controller.metricsUrl)).text();
  }

  async function untilReadyz(status: number, says: RegExp): Promise<void> {
    await eventually(
      `/readyz answers ${status} and ${says.source}`,
      async () => {
        const answer = await fetch(`${world.controller.healthUrl}/readyz`);
        const body = await answer.text();
        assert.equal(answer.status, status, body);
        assert.match(body, says);
        return true;
      },
      { timeoutMs: 60_000, intervalMs: 250 },
    );
  }

  it('says no at /readyz while Temporal is away, and lives on', async () => {
    await world.stack.temporal.kill9();

    await untilReadyz(503, /^Temporal, for the watcher: no answer for \d+ s/m);
    await untilReadyz(503, /^Temporal, for the worker: no answer for \d+ s/m);
    const live = await fetch(`${world.controller.healthUrl}/livez`);
    const during = await metrics();
    await world.stack.temporal.restart();
    await untilReadyz(200, /^ok$/m);

    assert.equal(live.status, 200);
    assert.match(during, /^multi_eni_ready 0$/m);
    assert.match(await metrics(), /^multi_eni_ready 1$/m);
  });

  describe('tells by its metrics', () => {
    before(async () => {
      const audited = async (): Promise<string | false> => {
        const text = await metrics();
        return /^multi_eni_audit_enis /m.test(text) && text;
      };
      scrape = parseExposition(await eventually('an audit has run', audited, { timeoutMs: 60_000 }));
    });

    function value(selector: string): number | undefined {
      const [wanted] = parseQuery(selector).selectors;
      return scrape.series.find(({ name, labels }) => name === wanted?.name && selects(wanted, labels))?.value;
    }

    const facts: Readonly<Record<string, number>> = {
      multi_eni_ready: 1,
      multi_eni_node_enis: 2,
      'multi_eni_build_info{role="all"}': 1,
      'multi_eni_pairs{phase="Attached"}': 1,
      'multi_eni_pairs{phase="Blocked"}': 1,
      'multi_eni_pairs{phase="Creating"}': 0,
      'multi_eni_pairs_blocked{reason="SubnetNotFound"}': 1,
      'multi_eni_pairs_blocked{reason="SubnetFull"}': 0,
      multi_eni_time_to_attached_seconds_count: 1,
      multi_eni_audit_enis: 1,
      'multi_eni_orphans{state="available"}': 0,
      'multi_eni_orphans{state="attached"}': 0,
      'multi_eni_ec2_requests_total{action="CreateNetworkInterface",outcome="ok"}': 1,
      'multi_eni_ec2_requests_total{action="CreateNetworkInterface",outcome="RequestLimitExceeded"}': 1,
      'multi_eni_ec2_requests_total{action="AttachNetworkInterface",outcome="InternalError"}': 1,
      'multi_eni_ec2_throttles_total{action="CreateNetworkInterface"}': 1,
      'multi_eni_ec2_throttles_total{action="AttachNetworkInterface"}': 0,
      'multi_eni_informer_synced{kind="NodeENIAttachment"}': 1,
      multi_eni_sdk_scrape_failures_total: 0,
    };

    for (const [series, expected] of Object.entries(facts)) {
      it(`that ${series} is ${expected}`, () => {
        assert.equal(value(series), expected);
      });
    }

    for (const series of [
      'multi_eni_status_writes_total{kind="NodeENI"}',
      'multi_eni_status_writes_total{kind="NodeENIAttachment"}',
      'multi_eni_watcher_passes_total{result="ok"}',
      'multi_eni_watcher_pass_duration_seconds_count',
      'multi_eni_time_to_attached_seconds_sum',
      'multi_eni_ec2_request_duration_seconds_sum{action="CreateNetworkInterface"}',
      'multi_eni_audit_last_success_timestamp_seconds',
      'process_resident_memory_bytes',
    ]) {
      it(`that ${series} is more than 0`, () => {
        assert.ok((value(series) ?? 0) > 0, String(value(series)));
      });
    }

    it('when the API server was heard last', () => {
      const ages = scrape.series.filter(({ name }) => name === 'multi_eni_informer_last_event_age_seconds');

      assert.deepEqual(ages.map(({ labels }) => labels['kind']).toSorted(), ['Node', 'NodeENI', 'NodeENIAttachment']);
      assert.ok(ages.every(({ value: age }) => age >= 0 && age < 120));
    });

    it('nothing by the name or id of a node, an instance, an ENI or a NodeENI', () => {
      const values = scrape.series.flatMap(({ labels }) => Object.values(labels));

      const ids = values.filter((label) => label.includes('scraped') || /\b(?:eni|i|subnet)-[0-9a-f]{8,}/.test(label));
      assert.deepEqual(ids, []);
    });

    it('what each of them means', () => {
      const ours = [...scrape.types.keys()].filter((family) => family.startsWith('multi_eni_'));

      assert.ok(ours.length > 20);
      assert.deepEqual(
        ours.filter((family) => !scrape.helped.has(family)),
        [],
      );
    });
  });

  describe('has series for', () => {
    for (const { of, expr } of queries()) {
      it(`${of}: ${expr}`, () => {
        const { selectors, groupedBy } = parseQuery(expr);
        const found = selectors.map((selector) => ({
          selector,
          series: scrape.series.filter(({ name, labels }) => name === selector.name && selects(selector, labels)),
        }));

        for (const { selector, series } of found) {
          if (series.length > 0) continue;
          assert.ok(mayBeMissing(selector.name), `no series for ${selector.name} ${JSON.stringify(selector.matchers)}`);
        }
        const labels = new Set(found.flatMap(({ series }) => series.flatMap((one) => Object.keys(one.labels))));
        if (labels.size > 0)
          assert.deepEqual(
            groupedBy.filter((label) => !labels.has(label)),
            [],
          );
      });
    }

    function mayBeMissing(name: string): boolean {
      return name === AFTER_A_FAILURE && sdkKnows(name);
    }
  });
});

/** The name without what our settings of the SDK add to it. */
function sdkKnows(name: string): boolean {
  const [, bare = ''] = /^temporal_(.+)_total$/.exec(name) ?? [];
  const [core] = globSync('node_modules/@temporalio/core-bridge/releases/*/index.node', {
    cwd: REPO,
  });
  return core !== undefined && readFileSync(join(REPO, core)).includes(bare);
}
