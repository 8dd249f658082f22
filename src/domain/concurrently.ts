/**
 * Runs a task for each item, at most `limit` at a time; an item is taken when its turn comes. Failures do not stop the
 * others; they are returned.
 */
export async function concurrently<T>(
  limit: number,
  items: Iterable<T>,
  task: (item: T) => Promise<void>,
): Promise<readonly { item: T; error: unknown }[]> {
  const failures: { item: T; error: unknown }[] = [];
  const queue = iterate(items);
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      try {
        await task(item);
      } catch (error) {
        failures.push({ item, error });
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return failures;
}

/** One iterator for all workers, whatever the items are. */
function* iterate<T>(items: Iterable<T>): Generator<T> {
  yield* items;
}
