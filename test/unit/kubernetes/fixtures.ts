import type { AttachmentSpec } from '../../../src/domain/attachment.js';
import type { Log } from '../../../src/kubernetes/log.js';

/** A pair's spec. */
export const SPEC: AttachmentSpec = {
  nodeEni: { name: 'e1', uid: 'u-e1' },
  nodeName: 'n1',
  nodeUid: 'u-n1',
  instanceId: 'i-0123',
  zone: 'us-east-1a',
  deviceIndex: 2,
  networkCardIndex: 0,
  subnetIds: ['subnet-1'],
  subnetNames: [],
  securityGroupIds: ['sg-1'],
  securityGroupNames: [],
  deleteOnTermination: true,
  sourceDestCheck: true,
  description: '',
  tags: { team: 'net', cost: '1' },
  forceDetachAfterSeconds: null,
  paused: false,
};

/** A log that keeps what it is told. */
export function memoryLog(): Log & { readonly lines: { level: string; fields: object; message: string }[] } {
  const lines: { level: string; fields: object; message: string }[] = [];
  const at = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message });
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
