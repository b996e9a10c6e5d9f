/** No more than an engine's reading of all containers makes at one time. */
const lanes = 8;

/** The first failure rejects; what has not begun by then never does. */
export async function inLanes(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const queue = tasks.values();
  let failed = false;
  const lane = async (): Promise<void> => {
    for (const task of queue) {
      if (failed) return;
      try {
        await task();
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, tasks.length) }, lane));
}
