import { z } from 'zod';

import { PAUSED_ANNOTATION } from '../domain/names.js';

/** RFC 3339, as a string in raw JSON and a Date in client-node's typed objects; always the string as Kubernetes has it. */
export const timestamp = z
  .union([z.string(), z.date()])
  .transform((value) => (typeof value === 'string' ? value : value.toISOString().replace('.000Z', 'Z')));

/** A map of strings; absent and null are the empty one. */
export const stringMap = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? {});

/** A list of strings; absent and null are the empty one. */
export const stringList = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);

/** What all kinds have in common. */
export const metadata = z.object({
  name: z.string().min(1),
  uid: z.string().min(1),
  generation: z
    .number()
    .nullish()
    .transform((value) => value ?? 0),
  creationTimestamp: timestamp.nullish().transform((value) => value ?? ''),
  deletionTimestamp: timestamp.nullish(),
  finalizers: stringList,
  labels: stringMap,
  annotations: stringMap,
});

/** {@link metadata}, parsed. */
export type Metadata = z.infer<typeof metadata>;

/** The metadata of any object. @throws ZodError for what is no object of the API */
export function parseMetadata(raw: unknown): Metadata & { readonly resourceVersion: string } {
  return withMetadata.parse(raw).metadata;
}

const withMetadata = z.object({ metadata: metadata.extend({ resourceVersion: z.string().default('') }) });

/** True while the object carries the annotation with any value but `false`. */
export function isPaused(annotations: Readonly<Record<string, string>>): boolean {
  const value = annotations[PAUSED_ANNOTATION];
  return value !== undefined && value !== 'false';
}

/** True for an object that is deleted, or will be. */
export function isDeleting(meta: Metadata): boolean {
  return meta.deletionTimestamp !== undefined && meta.deletionTimestamp !== null;
}
