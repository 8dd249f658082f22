/** Longest message in a status or an event. Vendors' texts can be tens of kilobytes. */
export const MESSAGE_LIMIT = 512;

/** Cuts a text, with an ellipsis to show it. */
export function truncate(text: string, limit: number = MESSAGE_LIMIT): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
