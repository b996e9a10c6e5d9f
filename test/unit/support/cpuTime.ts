/** Milliseconds of a processor that the work takes on this thread: what a test may limit, however busy the machine is. */
export function cpuTime(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
