import assert from 'node:assert/strict';

import { createEc2 } from '../../../src/aws/ec2.js';
import { fakeClient, filterValues } from './fake-client.js';

describe('the lists of ENIs by tag', () => {
  it('filter by the tag that is asked for, or the cluster, and follow the pages', async () => {
    const { client, sent } = fakeClient({
      DescribeNetworkInterfaces: ({ NextToken }) =>
        NextToken === undefined
          ? { NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1' }], NextToken: '1' }
          : { NetworkInterfaces: [{ NetworkInterfaceId: 'eni-2' }] },
    });
    const ec2 = createEc2({ client, clusterName: 'lab' });

    const tagged = await Array.fromAsync(ec2.enisWithTag('made-by', 'some*body'));
    const ours = await Array.fromAsync(ec2.clusterEnis());

    const ids = [tagged, ours].map((pages) => pages.flat().map(({ eniId }) => eniId));
    assert.deepEqual(ids, [
      ['eni-1', 'eni-2'],
      ['eni-1', 'eni-2'],
    ]);
    const [first, , third] = sent.map(({ input }) => input);
    assert.deepEqual(filterValues(first!, 'tag:made-by'), [String.raw`some\*body`]);
    assert.deepEqual(filterValues(third!, 'tag:networking.k8s.aws/cluster'), ['lab']);
  });
});
