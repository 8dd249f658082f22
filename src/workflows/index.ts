export { eniAttachment } from './eni-attachment.js';
