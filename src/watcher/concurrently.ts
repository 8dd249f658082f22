/**
 * Runs a task for each item, at most `limit` at a time. Failures do not stop the others; they are returned.
 */
export async function concurrently<T>(
  limit: number,
  items: readonly T[],
  task: (item: T) => Promise<void>,
): Promise<readonly { item: T; error: unknown }[]> {
  const failures: { item: T; error: unknown }[] = [];
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      try {
        await task(item);
      } catch (error) {
        failures.push({ item, error });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return failures;
}
