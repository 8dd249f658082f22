/** Why an ENI is not taken over, each with what to do about it: half a sentence. docs/migration.md has the same list. */
export const LEFT_REASONS = {
  PrimaryInterface: 'nothing: it is the interface that the node was made with',
  OtherCluster: 'nothing: it belongs to another cluster, or set the right MULTI_ENI_CLUSTER_NAME',
  Untagged: 'if the Go controller made it, give it back the tags NodeENI, Node and kubernetes.io/cluster/managed-by',
  NodeUnknown: 'nothing if another cluster has that node; else it is left over: detach and delete it by hand',
  NodeEniUnknown: 'nothing if another cluster has that NodeENI; else it is left over: detach and delete it by hand',
  StatusDiffers: 'correct the tags NodeENI and Node of the ENI, or delete it by hand',
  NodeEniDeleting: 'let the Go controller finish the deletion first',
  SpecNotUsable: 'change the spec as the message says, then plan again',
  NodeNotSelected: 'let nodeSelector select the node, or detach and delete the ENI by hand',
  NodeNotEc2: 'wait until the Node has a providerID of EC2',
  NotAttached: 'delete it by hand, unless another cluster has a pair of these names: nothing uses it',
  InTransit: 'wait until EC2 shows it attached, then plan again',
  OtherInstance: 'nothing if the instance is of another cluster; else detach and delete it by hand',
  OtherSlot:
    'set that deviceIndex if it is so on every node; else write a NodeENI for it, and plan again with --by-slot',
  SlotTaken: 'change the deviceIndex of one of the two NodeENIs',
  OtherSubnet: 'add its subnet to the subnetIDs of the NodeENI, then plan again',
  PairHasEni: 'decide which of the two to keep, and delete the other by hand',
  TwoForSlot: 'decide which of the two to keep, and delete the other by hand',
  TooManyTags: 'take tags off the ENI: six more are needed, and EC2 allows 50',
  NotClean: 'correct what the message names, then plan again',
} as const;

/** A key of {@link LEFT_REASONS}. */
export type LeftReason = keyof typeof LEFT_REASONS;

/** Why an ENI is not taken over. */
export interface Left {
  readonly kind: 'left';
  readonly reason: LeftReason;
  readonly message: string;
}

/** Makes a {@link Left}. */
export function left(reason: LeftReason, message: string): Left {
  return { kind: 'left', reason, message };
}
