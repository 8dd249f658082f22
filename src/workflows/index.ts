export { eniAttachment } from './eni-attachment.js';
export { eniAudit } from './eni-audit.js';
