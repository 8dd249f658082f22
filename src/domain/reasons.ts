/**
 * Every reason that a pair can give for not going on, with what its reader can do. The one list: status, events,
 * metrics and documentation take the words from here.
 */
export const REASONS = {
  // The instance
  InstanceNotFound: 'EC2 does not know the instance; check that the Node is up to date',
  InstancePending: 'the instance is starting; nothing to do',
  InstanceStopping: 'the instance is stopping; nothing to do',
  InstanceTerminated: 'the instance is terminated; delete the Node object if nothing else does',
  NetworkCardNotFound: 'the instance type has no such network card; change networkCardIndex',
  AttachmentLimitReached: 'the instance type allows no more interfaces; use a larger type or fewer ENIs',
  DeviceIndexInUse: 'another interface holds the device index; free it or choose another deviceIndex',
  // The network
  SubnetNotFound: 'check the subnet ids and names, and the Region',
  SubnetAmbiguous: 'several subnets have the name; give a subnet id',
  ZoneMismatch: "no candidate subnet is in the node's zone; add one, or narrow nodeSelector",
  VpcMismatch: "the subnet is not in the instance's VPC; choose one that is",
  SubnetFull: 'the subnet has no free address; free some or add another subnet',
  SecurityGroupNotFound: 'check the security group ids and names',
  SecurityGroupAmbiguous: 'several security groups have the name; give a security group id',
  SecurityGroupVpcMismatch: "the security group is not in the subnet's VPC; choose one that is",
  // The account
  QuotaReached: 'the quota of network interfaces in the Region is reached; raise it or free some',
  PermissionDenied: "the controller's IAM role lacks the action; see deploy/iam/policy.json",
  CredentialsRejected: 'EC2 rejects the credentials; check them and the clock of the controller',
  Throttled: 'EC2 throttles the account; the controller goes on by itself',
  Ec2Unavailable: 'EC2 does not answer as it should; the controller goes on by itself',
  KubernetesUnavailable: 'the Kubernetes API does not answer as it should; the controller goes on by itself',
  RequestRejected: 'EC2 rejects the request; read its message, then correct the NodeENI',
  TokenMismatch:
    'an earlier create call has used the token with other parameters; the controller goes on with the next',
  NotPermitted: 'EC2 refuses the operation on this interface; read its message',
  // The pair
  AttachTimeout: 'the ENI stayed attaching; it is replaced',
  NotVisibleYet: 'EC2 does not show the ENI yet; nothing to do',
  NotOurs: "the ENI does not carry this pair's tags; restore them or remove the ENI",
  Paused: 'remove the annotation networking.k8s.aws/paused to go on',
} as const;

/** One of {@link REASONS}. */
export type Reason = keyof typeof REASONS;

/** True for a string that is a reason. */
export function isReason(value: string): value is Reason {
  return Object.hasOwn(REASONS, value);
}
