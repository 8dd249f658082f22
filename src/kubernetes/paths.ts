import { GROUP, VERSION } from '../domain/names.js';

/** Where the API server has the Nodes. */
export const NODES_PATH = '/api/v1/nodes';

/** Where the API server has the NodeENIs. */
export const NODE_ENIS_PATH = `/apis/${GROUP}/${VERSION}/nodeenis`;

/** Where the API server has the NodeENIAttachments. */
export const ATTACHMENTS_PATH = `/apis/${GROUP}/${VERSION}/nodeeniattachments`;
