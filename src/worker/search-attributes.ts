import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto'; // CommonJS whose names Node cannot see
import { SEARCH_ATTRIBUTE_NAMES } from '../contract/search-attributes.js';

const { INDEXED_VALUE_TYPE_KEYWORD } = proto.temporal.api.enums.v1.IndexedValueType;

/**
 * Registers the search attributes that the namespace lacks. Idempotent; where it may not or cannot, as on Temporal Cloud
 * or when all slots are taken, the controller works without them.
 *
 * @returns whether the namespace has all of them
 */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<boolean> {
  const missing = await missingAttributes(connection, namespace);
  if (missing.length === 0) return true;
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, INDEXED_VALUE_TYPE_KEYWORD]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  return (await missingAttributes(connection, namespace)).length === 0;
}

async function missingAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return SEARCH_ATTRIBUTE_NAMES.filter((name) => customAttributes[name] !== INDEXED_VALUE_TYPE_KEYWORD);
}
