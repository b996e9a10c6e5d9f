import { decimal, fields } from './number.ts';

export interface PidStatus {
  /** 0 for what has no parent in this PID namespace. */
  readonly parentPid: number | undefined;
  /** Its PID in this PID namespace and in each one further in; Linux 4.1 and later. */
  readonly pids: readonly number[];
}

/** `/proc/<pid>/status`. Source: `proc_pid_status`, fs/proc/array.c. */
export function parsePidStatus(text: string): PidStatus {
  let parentPid: number | undefined;
  let pids: readonly number[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('PPid:')) parentPid = decimal(line.slice(5).trim());
    else if (line.startsWith('NSpid:')) pids = fields(line.slice(6)).flatMap((field) => decimal(field) ?? []);
  }
  return { parentPid, pids };
}
