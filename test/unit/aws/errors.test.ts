import assert from 'node:assert/strict';

import { Ec2Error, toEc2Failure } from '../../../src/aws/errors.js';
import type { Ec2FailureKind } from '../../../src/domain/ports.js';
import type { Reason } from '../../../src/domain/reasons.js';
import { MESSAGE_LIMIT } from '../../../src/domain/text.js';
import { ec2Answer } from './fake-client.js';

type Row = readonly [code: string, message: string, action: string, kind: Ec2FailureKind, reason: Reason];

const CREATE = 'CreateNetworkInterface';
const ATTACH = 'AttachNetworkInterface';
const MODIFY = 'ModifyNetworkInterfaceAttribute';
const DETACH = 'DetachNetworkInterface';
const DELETE = 'DeleteNetworkInterface';
const NOT_RUNNING = "Instance 'i-1' is not 'running' or 'stopped'.";
const DETACHING = "Network interface 'eni-1' is already detaching.";
const INDEX_TAKEN = "Instance 'i-1' already has an interface attached at device index '1'.";
const IN_USE = "Network interface 'eni-1' is currently in use.";
const NETWORKS = 'You have specified two resources that belong to different networks.';
const ZONES = 'You may not attach a network interface to an instance if they are not in the same availability zone';
const FULL = 'The specified subnet does not have enough free addresses to satisfy the request.';

const ANSWERS: readonly Row[] = [
  ['InvalidParameterValue', INDEX_TAKEN, ATTACH, 'refused', 'DeviceIndexInUse'],
  ['InvalidParameterValue', IN_USE, ATTACH, 'waiting', 'NotVisibleYet'],
  ['InvalidParameterValue', IN_USE, DELETE, 'waiting', 'NotVisibleYet'],
  ['InvalidParameterValue', NETWORKS, CREATE, 'refused', 'SecurityGroupVpcMismatch'],
  ['InvalidParameterValue', NETWORKS, MODIFY, 'refused', 'SecurityGroupVpcMismatch'],
  ['InvalidParameterValue', FULL, CREATE, 'refused', 'SubnetFull'],
  ['InvalidParameterValue', 'Network card index 3 is not valid for x.', ATTACH, 'refused', 'NetworkCardNotFound'],
  ['InvalidParameterValue', 'The filter is invalid', CREATE, 'refused', 'RequestRejected'],
  ['InvalidParameterCombination', ZONES, ATTACH, 'refused', 'ZoneMismatch'],
  ['InvalidParameterCombination', 'No attributes specified.', MODIFY, 'refused', 'RequestRejected'],
  ['AttachmentLimitExceeded', '', ATTACH, 'refused', 'AttachmentLimitReached'],
  ['IncorrectState', NOT_RUNNING, ATTACH, 'waiting', 'InstancePending'],
  ['IncorrectState', 'The instance is stopping.', ATTACH, 'waiting', 'InstanceStopping'],
  ['IncorrectState', 'The instance is terminated.', ATTACH, 'waiting', 'InstanceTerminated'],
  ['IncorrectState', DETACHING, DETACH, 'waiting', 'NotVisibleYet'],
  ['InvalidNetworkInterface.InUse', IN_USE, DELETE, 'waiting', 'NotVisibleYet'],
  ['NetworkInterfaceLimitExceeded', '', CREATE, 'refused', 'QuotaReached'],
  ['InsufficientFreeAddressesInSubnet', FULL, CREATE, 'refused', 'SubnetFull'],
  ['InvalidInstanceID.NotFound', '', ATTACH, 'gone', 'InstanceNotFound'],
  ['InvalidNetworkInterfaceID.NotFound', '', ATTACH, 'gone', 'NotVisibleYet'],
  ['InvalidAttachmentID.NotFound', '', DETACH, 'gone', 'NotVisibleYet'],
  ['InvalidSubnetID.NotFound', '', CREATE, 'refused', 'SubnetNotFound'],
  ['InvalidGroup.NotFound', '', CREATE, 'refused', 'SecurityGroupNotFound'],
  ['InvalidSecurityGroupID.NotFound', '', MODIFY, 'refused', 'SecurityGroupNotFound'],
  ['OperationNotPermitted', '', DETACH, 'refused', 'NotPermitted'],
  ['IdempotentParameterMismatch', '', CREATE, 'refused', 'TokenMismatch'],
  ['UnauthorizedOperation', '', CREATE, 'refused', 'PermissionDenied'],
  ['AuthFailure', '', CREATE, 'refused', 'CredentialsRejected'],
  ['RequestExpired', '', CREATE, 'refused', 'CredentialsRejected'],
  ['InvalidClientTokenId', '', CREATE, 'refused', 'CredentialsRejected'],
  ['ExpiredToken', '', CREATE, 'refused', 'CredentialsRejected'],
  ['Client.RequestLimitExceeded', '', CREATE, 'transient', 'Throttled'],
  ['ThrottlingException', '', CREATE, 'transient', 'Throttled'],
  ['SomethingNew', 'what is new', CREATE, 'refused', 'RequestRejected'],
  ['constructor', 'no own key of a table', CREATE, 'refused', 'RequestRejected'],
];

describe('an answer of EC2', () => {
  for (const [code, message, action, kind, reason] of ANSWERS) {
    it(`${code} to ${action} (${message}) means ${kind}, ${reason}`, () => {
      const failure = toEc2Failure(ec2Answer(code, message), action);

      assert.deepEqual([failure.kind, failure.reason, failure.definite], [kind, reason, true]);
    });
  }

  it('of status 5xx is transient, and leaves open whether the call was carried out', () => {
    for (const error of [
      ec2Answer('InternalError', '', 500),
      ec2Answer('Unavailable', '', 503),
      ec2Answer('X', '', 502),
    ]) {
      const failure = toEc2Failure(error, CREATE);

      assert.deepEqual([failure.kind, failure.reason, failure.definite], ['transient', 'Ec2Unavailable', false]);
    }
  });

  it('that throttles was definitely not carried out; a bare 503 may have been', () => {
    const throttled = toEc2Failure(ec2Answer('RequestLimitExceeded', '', 503), CREATE);
    const bare = toEc2Failure(ec2Answer('503', '', 503), CREATE);

    assert.deepEqual([throttled.kind, throttled.reason, throttled.definite], ['transient', 'Throttled', true]);
    assert.deepEqual([bare.kind, bare.reason, bare.definite], ['transient', 'Throttled', false]);
  });
});

describe('an error without an answer', () => {
  const errors: readonly (readonly [string, unknown, string])[] = [
    ['a reset connection', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), 'ECONNRESET'],
    ['a timeout', Object.assign(new Error('took long'), { name: 'TimeoutError' }), 'TimeoutError'],
    ['a name with several dead addresses', new AggregateError([new Error('refused')]), 'AggregateError'],
    ['a defect of our own', new TypeError('x is undefined'), 'TypeError'],
    ['what is no error', 'oops', 'Unknown'],
  ];
  for (const [title, error, code] of errors) {
    it(`such as ${title} is transient and not definite`, () => {
      const failure = toEc2Failure(error, ATTACH);

      assert.deepEqual(
        [failure.kind, failure.reason, failure.definite, failure.code],
        ['transient', 'Ec2Unavailable', false, code],
      );
    });
  }

  it('about credentials says to check them and the clock', () => {
    const error = Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' });

    const failure = toEc2Failure(error, CREATE);

    assert.equal(failure.reason, 'CredentialsRejected');
    assert.match(failure.message, /check them, and the clock/);
  });
});

describe('the message of a failure', () => {
  it('has the call, the text and the code', () => {
    assert.equal(
      toEc2Failure(ec2Answer('SomethingNew', 'Not so.'), CREATE).message,
      `${CREATE}: Not so. (SomethingNew)`,
    );
  });

  it('names the action that is not allowed, by the text when it tells', () => {
    const text = 'User: x is not authorized to perform: ec2:CreateTags on resource: y.';
    const told = toEc2Failure(ec2Answer('UnauthorizedOperation', text, 403), CREATE);
    const untold = toEc2Failure(ec2Answer('UnauthorizedOperation', 'You are not authorized.', 403), DELETE);

    assert.match(told.message, /may not call ec2:CreateTags;/);
    assert.match(untold.message, /may not call ec2:DeleteNetworkInterface;/);
  });

  it('is cut, and leaves out the encoded message', () => {
    const encoded = toEc2Failure(
      ec2Answer('UnauthorizedOperation', 'No. Encoded authorization failure message: c3RyaWN0'),
      CREATE,
    );

    assert.doesNotMatch(encoded.message, /c3Ry/);
    assert.equal(toEc2Failure(ec2Answer('X', 'y'.repeat(5_000)), CREATE).message.length, MESSAGE_LIMIT);
  });
});

describe('a failure', () => {
  it('is translated once, and keeps its cause', () => {
    const answer = ec2Answer('AuthFailure');
    const failure = toEc2Failure(answer, CREATE);

    assert.equal(toEc2Failure(failure, ATTACH), failure);
    assert.equal(failure.cause, answer);
    assert.ok(failure instanceof Ec2Error && failure instanceof Error);
  });

  it('is the same after a time, but for that time', () => {
    const failure = toEc2Failure(ec2Answer('Throttling'), CREATE);
    const later = failure.after(300);

    assert.deepEqual(Object.assign(later.after(0), { retryAfterMs: undefined }), failure);
    assert.equal(later.message, failure.message);
    assert.equal(later.retryAfterMs, 300);
  });
});
