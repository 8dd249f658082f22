import { defineSearchAttributeKey } from '@temporalio/common';

/** The search attributes of a pair's workflow, all of type Keyword. The controller works without them, too. */
export const SEARCH_ATTRIBUTES = {
  nodeEniName: defineSearchAttributeKey('NodeEniName', 'KEYWORD'),
  nodeName: defineSearchAttributeKey('NodeName', 'KEYWORD'),
  phase: defineSearchAttributeKey('NodeEniPhase', 'KEYWORD'),
  eniId: defineSearchAttributeKey('EniId', 'KEYWORD'),
  instanceId: defineSearchAttributeKey('InstanceId', 'KEYWORD'),
} as const;

/** Their names, as they are registered in the namespace. */
export const SEARCH_ATTRIBUTE_NAMES: readonly string[] = Object.values(SEARCH_ATTRIBUTES).map((key) => key.name);

/** Memo key that tells a workflow whether the namespace has the search attributes: an upsert without them would wedge it. */
export const SEARCHABLE_MEMO = 'searchable';
