import assert from 'node:assert/strict';

import { deploymentVersion, makeCurrentCommand, versioningOptions } from '../../../src/worker/deployment.js';

describe('the deployment that a worker belongs to', () => {
  for (const [cluster, deploymentName] of [
    ['prod', 'multi-eni-prod'],
    ['prod.eu_1-a', 'multi-eni-prod~eu_1-a'],
    ['0d9c8d4e-0000-4000-8000-000000000001', 'multi-eni-0d9c8d4e-0000-4000-8000-000000000001'],
  ] as const) {
    it(`is ${deploymentName} in the cluster ${cluster}`, () => {
      const version = deploymentVersion(cluster, '1.2.0');

      assert.deepEqual(version, { deploymentName, buildId: '1.2.0' });
    });
  }

  it('is another one in each cluster, dots or not', () => {
    const names = ['a.b', 'a-b', 'a_b'].map((cluster) => deploymentVersion(cluster, null).deploymentName);

    assert.equal(new Set(names).size, 3);
  });

  it('is told to Temporal, with workflows that go on under the next release', () => {
    const version = deploymentVersion('prod', '1.2.0');

    assert.deepEqual(versioningOptions(version), {
      workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: 'AUTO_UPGRADE' },
    });
  });

  it('is not told without a version, and no behaviour either, which would wedge every workflow', () => {
    assert.deepEqual(versioningOptions(deploymentVersion('prod', null)), {});
  });

  it('gets tasks by a command that names the version, or none', () => {
    const commands = ['1.2.0', null].map((buildId) => makeCurrentCommand(deploymentVersion('prod', buildId), 'eni'));

    const common = 'temporal worker deployment set-current-version --namespace eni --deployment-name multi-eni-prod';
    assert.deepEqual(commands, [`${common} --build-id 1.2.0`, `${common} --unversioned`]);
  });
});
