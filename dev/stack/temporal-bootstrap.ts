import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto'; // CommonJS whose names Node cannot see

import { SEARCH_ATTRIBUTE_NAMES } from '../../src/contract/search-attributes.js';

const { INDEXED_VALUE_TYPE_KEYWORD } = proto.temporal.api.enums.v1.IndexedValueType;

/** Registers the product's search attributes in `namespace`; those that are there already stay as they are. */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const searchAttributes = Object.fromEntries(SEARCH_ATTRIBUTE_NAMES.map((name) => [name, INDEXED_VALUE_TYPE_KEYWORD]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
}
