import { ApiException } from '@kubernetes/client-node';

/** An answer of the API server that is an error, or an ERROR event in a watch. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly code: number,
    message: string,
    /** What the server's Retry-After asks for, in milliseconds. */
    readonly retryAfterMs = 0,
  ) {
    super(message);
  }
}

/** The HTTP status of a failed call; undefined when there was no answer. */
export function statusCode(error: unknown): number | undefined {
  return error instanceof ApiError || error instanceof ApiException ? error.code : undefined;
}

/** No object of the name. */
export function isNotFound(error: unknown): boolean {
  return statusCode(error) === 404;
}

/** The object is there already, or was changed in the meantime, or is another of the same name. */
export function isConflict(error: unknown): boolean {
  return statusCode(error) === 409;
}

/** The resource version, or the page, is too old. */
export function isGone(error: unknown): boolean {
  return statusCode(error) === 410;
}

/** The API server refuses the content. */
export function isInvalid(error: unknown): boolean {
  return statusCode(error) === 422;
}

/** The message in the body of an error answer, which is the text of a `Status` object; else the text itself. */
export function statusMessage(body: unknown): string {
  const status = typeof body === 'string' ? parseObject(body) : body;
  if (typeof status !== 'object' || status === null) return typeof body === 'string' ? body : '';
  return 'message' in status && typeof status.message === 'string' ? status.message : '';
}

/** A short text for logs and messages: client-node's own has the whole body and all headers. */
export function describeError(error: unknown): string {
  if (error instanceof ApiException) return `${error.code} ${statusMessage(error.body)}`.trim().slice(0, 1000);
  if (!(error instanceof Error)) return String(error).slice(0, 1000);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`.slice(0, 1000);
}

function parseObject(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
