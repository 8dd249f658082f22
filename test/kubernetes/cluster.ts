import type { CustomObjectsApi } from '@kubernetes/client-node';

import type { AttachmentSpec } from '../../src/domain/attachment.js';
import { GROUP, VERSION } from '../../src/domain/names.js';

/** The group and version of our kinds. */
export const KIND = { group: GROUP, version: VERSION };

/** What the tests look at in a raw object. */
export interface RawObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation: number;
    readonly finalizers?: readonly string[];
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

/** Makes a NodeENI. */
export async function createNodeEni(custom: CustomObjectsApi, name: string, metadata: object = {}): Promise<RawObject> {
  const body = {
    apiVersion: `${GROUP}/${VERSION}`,
    kind: 'NodeENI',
    metadata: { name, ...metadata },
    spec: { nodeSelector: { ng: 'a' }, subnetID: 'subnet-1', securityGroupIDs: ['sg-1'] },
  };
  return (await custom.createClusterCustomObject({ ...KIND, plural: 'nodeenis', body })) as RawObject;
}

/** Reads an object of ours. @throws ApiException */
export async function read(custom: CustomObjectsApi, plural: string, name: string): Promise<RawObject> {
  return (await custom.getClusterCustomObject({ ...KIND, plural, name })) as RawObject;
}

/** A pair's spec. */
export function specOf(nodeEni: RawObject, nodeName: string, changes: Partial<AttachmentSpec> = {}): AttachmentSpec {
  return {
    nodeEni: { name: nodeEni.metadata.name, uid: nodeEni.metadata.uid },
    nodeName,
    nodeUid: `uid-of-${nodeName}`,
    instanceId: 'i-0123',
    zone: 'us-east-1a',
    deviceIndex: 1,
    networkCardIndex: 0,
    subnetIds: ['subnet-1'],
    subnetNames: [],
    securityGroupIds: ['sg-1'],
    securityGroupNames: [],
    deleteOnTermination: true,
    sourceDestCheck: true,
    description: '',
    tags: {},
    forceDetachAfterSeconds: null,
    paused: false,
    ...changes,
  };
}
