import assert from 'node:assert/strict';

import fc from 'fast-check';

import { TAG_KEYS } from '../../../src/domain/tags.js';
import { eni } from '../../support/builders.js';
import { Cluster } from './cluster/cluster.js';
import { CONTROLLER_EVENTS } from './cluster/controller-events.js';
import { EC2_EVENTS } from './cluster/ec2-events.js';
import type { Events } from './cluster/event.js';
import { joinNode, KUBERNETES_EVENTS } from './cluster/kubernetes-events.js';
import { problems } from './cluster/outcome.js';
import { heal, settle } from './cluster/quiet.js';
import { checkChange, checkRest, checkRules } from './cluster/rules.js';

const EVENTS: Events = { ...KUBERNETES_EVENTS, ...EC2_EVENTS, ...CONTROLLER_EVENTS };

/** An event, to what it happens, and in which way. */
type Happening = readonly [name: string, which: number, how: number];

function happening(events: Events): fc.Arbitrary<Happening> {
  return fc.tuple(fc.constantFrom(...Object.keys(events)), fc.nat(11), fc.nat(11));
}

const happenings = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: happening(CONTROLLER_EVENTS) },
    { weight: 3, arbitrary: happening(KUBERNETES_EVENTS) },
    { weight: 2, arbitrary: happening(EC2_EVENTS) },
  ),
  { maxLength: 40, size: 'max' },
);

/** Stories in which a fault was found. */
const FOUND: [Happening[]][] = [
  // The subnet is edited while the create call is under way: the ENI stayed where it was made.
  [
    [
      ['watcher passes', 0, 0],
      ['watcher passes', 0, 0],
      ['a pair takes some steps', 0, 1],
      ['NodeENI is edited', 0, 10],
    ],
  ],
  // An ENI of a former Attachment is taken over after the subnet was edited.
  [
    [
      ['all work', 0, 0],
      ['Attachment is deleted by force', 0, 0],
      ['watcher passes', 0, 0],
      ['history is lost', 0, 0],
      ['NodeENI is edited', 2, 2],
    ],
  ],
];

/** Two nodes, two NodeENIs that both want them, and ENIs of others, one of them of a cluster with the same names. */
function smallCluster(): Cluster {
  const cluster = new Cluster();
  for (const number of [0, 1]) {
    joinNode(cluster, number, 0);
    void KUBERNETES_EVENTS['NodeENI is made']?.(cluster, number, number);
  }
  const tags = { [TAG_KEYS.cluster]: 'another', [TAG_KEYS.nodeEni]: 'x', [TAG_KEYS.node]: 'node-1' };
  cluster.ec2.enis.set('eni-of-another', eni({ eniId: 'eni-of-another', tags }));
  cluster.ec2.onChange = (call, target) => checkChange(cluster, call, target);
  cluster.onTurn = () => checkRules(cluster);
  cluster.onRest = () => checkRest(cluster);
  return cluster;
}

describe('a cluster in which anything may happen', () => {
  it('keeps its rules at every moment, and becomes as wanted when all is quiet', async () => {
    await fc.assert(
      fc.asyncProperty(happenings, async (story) => {
        const cluster = smallCluster();

        for (const [name, which, how] of story) {
          await EVENTS[name]?.(cluster, which, how);
          checkRules(cluster);
        }
        heal(cluster);
        await settle(cluster);

        assert.deepEqual(problems(cluster), []);
        assert.deepEqual(await callsWhenQuiet(cluster), []);
      }),
      { numRuns: 250, examples: FOUND },
    );
  });
});

/** What a cluster at rest does in an hour in which the watcher starts anew and an audit looks. */
async function callsWhenQuiet(cluster: Cluster): Promise<string[]> {
  return cluster.callsOf(async () => {
    cluster.clock.now += 3_600_000;
    cluster.restartWatcher();
    await cluster.work();
    await cluster.audit();
    await cluster.work();
  });
}
