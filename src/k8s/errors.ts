import { ApiException } from '@kubernetes/client-node';

/** The HTTP status of an API error; undefined for any other error. */
export function statusCode(error: unknown): number | undefined {
  if (error instanceof ApiException) return error.code;
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return undefined;
}

/** The object does not exist (any more). */
export function isNotFound(error: unknown): boolean {
  return statusCode(error) === 404;
}

/** Another writer was first, or the object is not the one that was meant. */
export function isConflict(error: unknown): boolean {
  return statusCode(error) === 409;
}

/** The resource version is too old: list again. */
export function isExpired(error: unknown): boolean {
  return statusCode(error) === 410;
}
