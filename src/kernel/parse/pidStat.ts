/**
 * When a process began, in clock ticks since boot, from `/proc/<pid>/stat`: with the PID it names a process for good.
 * The name of the program stands in parentheses and may have any characters, parentheses too.
 * Source: `do_task_stat`, fs/proc/array.c; proc_pid_stat(5), field 22.
 */
export function startTimeOf(stat: string): string | undefined {
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 20)[19];
  return start !== undefined && /^\d{1,20}$/.test(start) ? start : undefined;
}
