import { z } from 'zod';
import { PAUSED_ANNOTATION } from '../domain/names.js';

/** The client gives dates from lists and strings from watches. */
const time = z.union([z.string(), z.date().transform((date) => date.toISOString())]);

const strings = z.record(z.string(), z.string()).default({});

/** The metadata of any object, as far as it is read. */
export const metadata = z.object({
  name: z.string(),
  uid: z.string(),
  generation: z.number().default(0),
  resourceVersion: z.string().default('0'),
  creationTimestamp: time.default(''),
  deletionTimestamp: time.nullish(),
  finalizers: z.array(z.string()).default([]),
  labels: strings,
  annotations: strings,
});

/** True when the annotations freeze the object's pairs. */
export function isPaused(annotations: Readonly<Record<string, string>>): boolean {
  const value = annotations[PAUSED_ANNOTATION];
  return value !== undefined && value !== 'false';
}
