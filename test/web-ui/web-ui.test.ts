import assert from 'node:assert/strict';
import { Browser } from '../../dev/screenshot/browser.js';
import type { WebPage } from '../../dev/screenshot/web-page.js';
import { seedNodes } from '../../dev/stack/nodes.js';
import { given } from '../../dev/stack/seed.js';
import { World } from '../../dev/world/world.js';

const NODES = ['ui-1', 'ui-2'];
const PAIR = 'eni:e2e:ui:ui-1';
const BLOCKED = 'eni:e2e:elsewhere:elsewhere-1';

describe('the Temporal Web UI, in a browser,', function () {
  this.timeout(120_000);
  let world: World;
  let browser: Browser;
  let page: WebPage;

  before('attach two pairs, and block a third', async () => {
    [world, browser] = await Promise.all([World.start({ env: { MULTI_ENI_AUDIT_INTERVAL: '1h' } }), Browser.start()]);
    const nodes = [...NODES, 'elsewhere-1'].map((name) => ({ name, labels: { of: name.replace(/-\d$/, '') } }));
    await seedNodes(world.stack, world.vpc, nodes);
    await nodeEni('ui', world.subnet('a'));
    await nodeEni('elsewhere', world.subnet('b'));
    await world.pairs.untilAttached('ui', NODES);
    await world.pairs.untilWorkflows('ui', 'Running', 2);
  });

  after(async () => {
    await browser.stop();
    await world.stop();
  });

  beforeEach(async () => {
    page = await browser.open(workflows('NodeEniName = "ui"'));
  });

  afterEach(async () => {
    await page.close();
  });

  it('finds the pairs of a NodeENI by search attribute, and no others', async () => {
    const text = await page.untilText(PAIR, 'eni:e2e:ui:ui-2', 'eniAttachment', 'of 2');

    assert.ok(!text.includes(BLOCKED), text);
    assert.deepEqual(page.problems, []);
  });

  it('shows what was done for a pair, each call with its ENI and instance', async () => {
    const [eni] = (await world.pairs.enis('ui')).filter(({ tags }) => tags['networking.k8s.aws/node'] === 'ui-1');
    const { id, attachment } = given(eni, 'an ENI');

    await page.follow(PAIR);
    await page.untilText(
      `createEni • create an ENI in ${world.subnet('a')}`,
      `attachEni • attach ${id} to ${attachment?.instanceId} as device 1`,
      `verifyEni • wait until ${id} is attached`,
    );

    assert.deepEqual(page.problems, []);
  });

  it('shows what a pair is for, and what it has now', async () => {
    const [eni] = (await world.pairs.enis('ui')).filter(({ tags }) => tags['networking.k8s.aws/node'] === 'ui-1');
    const { id, attachment } = given(eni, 'an ENI');

    await page.follow(PAIR);
    await page.follow('User Metadata');
    const text = await page.untilText('ENI ui on ui-1', 'Looks after NodeENIAttachment ui-1.0.1', 'Now: as wanted');

    assert.match(text, /^Attached$/m);
    for (const shown of [id, given(attachment?.id, 'an attachment'), 'kubectl get enia ui-1.0.1']) {
      assert.ok(text.includes(shown), text);
    }
    assert.deepEqual(page.problems, []);
  });

  it('finds the blocked pairs, and shows why one is and what to do', async () => {
    const blocked = await browser.open(workflows('NodeEniPhase = "Blocked"'));
    const list = await blocked.untilText(BLOCKED);
    await blocked.follow(BLOCKED);
    await blocked.follow('User Metadata');
    const text = await blocked.untilText('Current Details', 'What to do:');

    assert.ok(!list.includes(PAIR), list);
    assert.match(text, /^Blocked$/m);
    assert.match(text, /ZoneMismatch: subnet-\w+ is in us-east-1b; the instance is in us-east-1a/);
    assert.deepEqual(blocked.problems, []);
    await blocked.close();
  });

  function workflows(query: string): string {
    const { uiUrl, namespace } = world.stack.temporal;
    return `${uiUrl}/namespaces/${namespace}/workflows?query=${encodeURIComponent(query)}`;
  }

  async function nodeEni(name: string, subnetID: string): Promise<void> {
    const securityGroupIDs = [world.group('one')];
    await world.objects.createNodeEni(name, { nodeSelector: { of: name }, subnetID, securityGroupIDs, deviceIndex: 1 });
  }
});
