import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

import { GROUP } from '../../domain/names.js';
import { API_VERSION } from '../../kubernetes/manifest.js';
import { CliFailure } from '../failure.js';

/** A NodeENI as a file has it. */
export interface Manifest {
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a file has. */
export interface FileContents {
  readonly nodeEnis: readonly Manifest[];
  /** Other objects, as `Kind/name`: a plan says nothing of them. */
  readonly others: readonly string[];
}

const anyObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string().optional() }).default({}),
  items: z.array(z.unknown()).optional(),
});

/**
 * Reads the objects of a YAML or JSON text, of one or several documents; a `List` counts as what is in it.
 *
 * @param file - what messages call it
 * @throws CliFailure for a text that is not understood, a NodeENI without a name, or without any NodeENI
 */
export function readManifests(text: string, file: string): FileContents {
  const documents = parseAllDocuments(text);
  const nodeEnis: Manifest[] = [];
  const others: string[] = [];
  for (const document of documents) {
    const [error] = document.errors;
    if (error !== undefined) throw new CliFailure(`${file} is no YAML: ${error.message}`);
    collect(document.toJS() as unknown, file, { nodeEnis, others });
  }
  const names = nodeEnis.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new CliFailure(`${file} has NodeENI ${twice} twice`);
  if (nodeEnis.length === 0) throw new CliFailure(`${file} has no NodeENI, so that there is nothing to plan`);
  return { nodeEnis, others };
}

function collect(raw: unknown, file: string, into: { nodeEnis: Manifest[]; others: string[] }): void {
  if (raw === null || raw === undefined) return;
  const parsed = anyObject.safeParse(raw);
  if (!parsed.success) {
    throw new CliFailure(`${file}: a document is no Kubernetes object: apiVersion or kind is missing`);
  }
  const { kind, items, metadata, apiVersion } = parsed.data;
  if (items !== undefined && kind.endsWith('List')) {
    for (const item of items) collect(item, file, into);
  } else if (kind === 'NodeENI' && apiVersion.startsWith(`${GROUP}/`)) {
    into.nodeEnis.push(manifest(parsed.data, file));
  } else {
    into.others.push(`${kind}/${metadata.name ?? ''}`);
  }
}

function manifest(body: z.infer<typeof anyObject>, file: string): Manifest {
  const { apiVersion, metadata } = body;
  if (apiVersion !== API_VERSION) throw new CliFailure(`${file}: ${apiVersion} is not known; write ${API_VERSION}`);
  if (metadata.name === undefined) throw new CliFailure(`${file}: a NodeENI has no name`);
  return { name: metadata.name, body };
}
