import type { AuditActivities } from '../contract/audit.js';
import type { AuditDeps } from './audit-deps.js';
import { deleteOrphan } from './delete-orphan.js';
import { translated } from './map-error.js';
import { surveyEnis } from './survey-enis.js';

/** The activities of the audit over their dependencies; every failure comes out as the contract says. */
export function createAuditActivities(deps: AuditDeps): AuditActivities {
  return {
    surveyEnis: translated((input) => surveyEnis(deps, input)),
    deleteOrphan: translated((orphan) => deleteOrphan(deps, orphan)),
  };
}
