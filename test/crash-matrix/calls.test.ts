import assert from 'node:assert/strict';

import { ec2Call, EVERY_ENI, idsIn } from '../../dev/crash-matrix/ec2-calls.js';
import { eventsOf, holdsUpWatcher, kubernetesWrite } from '../../dev/crash-matrix/kubernetes-calls.js';

const KIND = '/apis/networking.k8s.aws/v1alpha1';
const OURS = 'networking.k8s.aws/attachments';

describe('ec2Call', () => {
  const modify = 'Action=ModifyNetworkInterfaceAttribute&NetworkInterfaceId=eni-1';
  const rows: [body: string, what: string, isWrite: boolean][] = [
    ['Action=CreateNetworkInterface&SubnetId=subnet-1', 'CreateNetworkInterface', true],
    [`${modify}&SecurityGroupId.1=sg-1`, 'ModifyNetworkInterfaceAttribute securityGroupIds', true],
    [`${modify}&SourceDestCheck.Value=false`, 'ModifyNetworkInterfaceAttribute sourceDestCheck', true],
    [`${modify}&Something.Value=1`, 'ModifyNetworkInterfaceAttribute unknown', true],
    ['Action=DescribeInstances&Filter.1.Name=instance-id', 'DescribeInstances', false],
    [
      'Action=DescribeNetworkInterfaces&Filter.1.Name=network-interface-id&Filter.1.Value.1=eni-1',
      'DescribeNetworkInterfaces by id',
      false,
    ],
    [
      'Action=DescribeNetworkInterfaces&Filter.1.Name=tag%3Acluster&Filter.2.Name=tag%3Anetworking.k8s.aws%2Fnode',
      'DescribeNetworkInterfaces by node',
      false,
    ],
    [
      'Action=DescribeNetworkInterfaces&Filter.1.Name=tag%3Anetworking.k8s.aws%2Fcluster&Filter.1.Value.1=matrix',
      'DescribeNetworkInterfaces of the cluster',
      false,
    ],
  ];
  for (const [body, what, isWrite] of rows) {
    it(`knows ${what} by ${body}`, () => {
      const call = ec2Call({ method: 'POST', path: '/', body });

      assert.equal(call.what, what);
      assert.equal(call.isWrite, isWrite);
      assert.equal(call.service, 'EC2');
    });
  }

  it('has every value as a token', () => {
    const { tokens } = ec2Call({ method: 'POST', path: '/', body: `${modify}&SecurityGroupId.1=sg-1` });

    assert.ok(tokens.includes('eni-1') && tokens.includes('sg-1'));
  });

  it("has one token for the audit's list, whatever the cluster is called", () => {
    const filter = 'Filter.1.Name=tag%3Anetworking.k8s.aws%2Fcluster&Filter.1.Value.1=pair-1';

    const { tokens } = ec2Call({ method: 'POST', path: '/', body: `Action=DescribeNetworkInterfaces&${filter}` });

    assert.deepEqual(tokens, [EVERY_ENI]);
  });
});

describe('idsIn', () => {
  it('finds the ids of what was made, and none in other answers', () => {
    assert.deepEqual(idsIn('CreateNetworkInterface', '<a><networkInterfaceId>eni-1</networkInterfaceId></a>'), [
      'eni-1',
    ]);
    assert.deepEqual(idsIn('AttachNetworkInterface', '<attachmentId>eni-attach-1</attachmentId>'), ['eni-attach-1']);
    assert.deepEqual(idsIn('DescribeInstances', '<networkInterfaceId>eni-2</networkInterfaceId>'), []);
  });
});

describe('kubernetesWrite', () => {
  const rows: [method: string, path: string, body: object | null, what: string | null][] = [
    ['GET', '/nodeenis/a', null, null],
    ['POST', '/nodeeniattachments', { metadata: { name: 'a' } }, 'create Attachment'],
    ['PATCH', '/nodeeniattachments/a', { metadata: { labels: {} }, spec: {} }, 'update Attachment'],
    ['PATCH', '/nodeeniattachments/a', { metadata: { finalizers: [] } }, 'release Attachment'],
    ['PATCH', '/nodeeniattachments/a/status', { status: { phase: 'Attached' } }, 'Attachment status: Attached'],
    ['PATCH', '/nodeeniattachments/a/status?x=1', { status: { message: 'm' } }, 'Attachment status'],
    ['DELETE', '/nodeeniattachments/a', { preconditions: {} }, 'delete Attachment'],
    ['PATCH', '/nodeenis/a', { metadata: { finalizers: ['x', OURS] } }, 'add finalizer of NodeENI'],
    ['PATCH', '/nodeenis/a', { metadata: { finalizers: ['x'] } }, 'remove finalizer of NodeENI'],
    ['PATCH', '/nodeenis/a/status', { status: {} }, 'NodeENI status'],
    ['POST', '/somethings', {}, null],
  ];
  for (const [method, path, body, what] of rows) {
    it(`takes ${method} ${path} ${JSON.stringify(body)} for ${what ?? 'nothing of a pair'}`, () => {
      const request = { method, path: `${KIND}${path}`, body: body === null ? '' : JSON.stringify(body) };

      const call = kubernetesWrite(request);

      assert.equal(call?.what ?? null, what);
    });
  }

  it('tells kinds of one name apart', () => {
    const ofNodeEni = kubernetesWrite({ method: 'PATCH', path: `${KIND}/nodeenis/a/status`, body: '{}' });
    const ofAttachment = kubernetesWrite({ method: 'PATCH', path: `${KIND}/nodeeniattachments/a/status`, body: '{}' });

    assert.deepEqual(ofNodeEni?.tokens, ['nodeenis/a']);
    assert.deepEqual(ofAttachment?.tokens, ['nodeeniattachments/a']);
  });

  it('knows Events by their reason, and by what they are about', () => {
    const body = JSON.stringify({ reason: 'OrphanDeleted', involvedObject: { kind: 'NodeENI', name: 'a' } });

    const call = kubernetesWrite({ method: 'POST', path: '/api/v1/namespaces/default/events', body });

    assert.equal(call?.what, 'Event: OrphanDeleted');
    assert.deepEqual(call.tokens, [eventsOf('a')]);
  });

  it('knows what holds up the watcher', () => {
    assert.ok(holdsUpWatcher('create Attachment'));
    assert.ok(!holdsUpWatcher('release Attachment'));
    assert.ok(!holdsUpWatcher('NodeENI status'));
  });
});
