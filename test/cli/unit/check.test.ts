import assert from 'node:assert/strict';

import { check, type Ec2Picture } from '../../../src/cli/plan/check.js';
import { predict, type Prediction } from '../../../src/cli/plan/predict.js';
import { planText } from '../../../src/cli/plan/render.js';
import type { InstanceFacts, NetworkFacts } from '../../../src/domain/observation.js';
import { attachment, CLUSTER, instance, node, nodeEni, NOW, observation } from '../../support/builders.js';
import { cluster } from './cluster.js';

const NETWORK = observation().network!;

function picture(
  predictions: readonly Prediction[],
  instances: readonly InstanceFacts[],
  network: NetworkFacts = NETWORK,
): Ec2Picture {
  return {
    clusterName: CLUSTER,
    at: NOW,
    instances: new Map(instances.map((one) => [one.instanceId, one])),
    networks: new Map(predictions.map((one) => [one, network])),
  };
}

function withAddresses(freeAddresses: number): NetworkFacts {
  return { ...NETWORK, subnets: NETWORK.subnets.map((subnet) => ({ ...subnet, freeAddresses })) };
}

const NODES = [node(1), node(2)];
const INSTANCES = [instance({ instanceId: 'i-0a1' }), instance({ instanceId: 'i-0a2' })];

describe('a check in EC2', () => {
  it('gives the last address of a subnet to one pair alone', () => {
    const predictions = predict(cluster({ nodes: NODES }), [nodeEni()], NOW);

    const checks = check(predictions, picture(predictions, INSTANCES, withAddresses(1)));

    const results = predictions.map((one) => checks.get(one)?.reason ?? checks.get(one)?.subnetId);
    assert.deepEqual(results, ['subnet-a', 'SubnetFull']);
  });

  it('gives the last interface of an instance to one NodeENI alone', () => {
    const second = nodeEni({ name: 'the-second', spec: { deviceIndex: 2 } });
    const predictions = predict(cluster({ nodes: [node(1)] }), [nodeEni(), second], NOW);

    const checks = check(predictions, picture(predictions, [instance({ limits: { '0': 2 } })]));

    assert.deepEqual(
      predictions.map((one) => checks.get(one)?.reason),
      [null, 'AttachmentLimitReached'],
    );
  });

  it('counts the place and the address of an ENI that is replaced as free', () => {
    const before = nodeEni();
    const status = { phase: 'Attached', eniId: 'eni-old', subnetId: 'subnet-a' } as const;
    const seen = cluster({ nodes: [node(1)], nodeEnis: [before], attachments: [attachment({ status })] });
    const predictions = predict(seen, [nodeEni({ spec: { deviceIndex: 2 } })], NOW);
    const slots = [...instance().slots, { eniId: 'eni-old', deviceIndex: 1, networkCardIndex: 0 }];

    const full = instance({ slots, limits: { '0': 2 } });
    const checks = check(predictions, picture(predictions, [full], withAddresses(0)));

    assert.equal(predictions[0]?.action, 'replace');
    assert.equal(checks.get(predictions[0])?.verdict, 'ok');
  });

  it('says who holds the slot, that an instance starts, and that a group is missing for a change', () => {
    const slots = [{ eniId: 'eni-foreign', deviceIndex: 1, networkCardIndex: 0 }];
    const predictions = predict(cluster({ nodes: NODES }), [nodeEni()], NOW);
    const instances = [instance({ slots }), instance({ instanceId: 'i-0a2', state: 'pending' })];
    const changed = predict(
      cluster({ nodes: [node(1)], nodeEnis: [nodeEni()], attachments: [attachment({ status: { eniId: 'eni-1' } })] }),
      [nodeEni({ spec: { securityGroupIds: ['sg-9'] } })],
      NOW,
    );

    const checks = check(predictions, picture(predictions, instances));
    const ofChange = check(changed, picture(changed, INSTANCES));

    const [first, second] = predictions.map((one) => checks.get(one));
    assert.match(first?.message ?? '', /eni-foreign holds device index 1/);
    assert.deepEqual([second?.verdict, second?.reason], ['waits', 'InstancePending']);
    assert.equal(ofChange.get(changed[0]!)?.reason, 'SecurityGroupNotFound');
  });
});

describe('the text of a plan', () => {
  it('sums up, says what to do, and leaves out what is as wanted', () => {
    const predictions = predict(cluster({ nodes: NODES }), [nodeEni()], NOW);
    const checks = check(predictions, picture(predictions, INSTANCES, withAddresses(1)));
    const rows = predictions.map((prediction) => ({ prediction, check: checks.get(prediction) ?? null }));

    const text = planText(rows, false);

    assert.match(text, /^Plan: 2 to create, 1 of them blocked\. Nothing was changed\.$/m);
    assert.match(text, /^SubnetFull: the subnet has no free address;/m);
  });

  it('of no selected node says so', () => {
    assert.equal(planText([], false), 'Plan: no node is selected. Nothing was changed.\n');
  });
});
