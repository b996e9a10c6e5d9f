import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killCgroup, removeCgroup } from './cgroups.ts';
import { runSync } from './run.ts';

/** What a lab engine made on this machine. It is written before anything is made, so a killed run can be swept. */
export interface EngineRecord {
  readonly lab: 'docker-network-explorer';
  /** The engine's directory; its base name is the engine's id. */
  readonly directory: string;
  readonly owner: ProcessIdentity;
  readonly netns: string;
  readonly wanNetns: string;
  readonly cgroup: string;
}

/** A pid alone can be taken by another process later: with its start time (clock ticks since boot) it cannot. */
interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: number;
}

const recordFile = 'lab.json';

export const prefix = 'dne-';

function startTimeOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22; the second field is the program's name in parentheses and may itself hold blanks and parentheses.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  } catch {
    return undefined;
  }
}

export function thisProcess(): ProcessIdentity {
  const startTime = startTimeOf(process.pid);
  if (startTime === undefined) throw new Error('/proc is not mounted: the lab needs Linux');
  return { pid: process.pid, startTime };
}

export function writeRecord(record: EngineRecord): void {
  const file = join(record.directory, recordFile);
  writeFileSync(`${file}.new`, JSON.stringify(record));
  renameSync(`${file}.new`, file);
}

function readRecord(directory: string): EngineRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(join(directory, recordFile), 'utf8')) as Partial<EngineRecord> | null;
    // A directory that was moved or copied is not the one that was recorded.
    return record?.lab === 'docker-network-explorer' && record.directory === directory
      ? (record as EngineRecord)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Removes all that the record names; what is gone already is no error. Blocks, so that it works while a process exits. */
export function removeEngine(record: EngineRecord): void {
  const survivors = killCgroup(record.cgroup);
  if (survivors.length > 0) throw new Error(`processes ${survivors.join(', ')} of ${record.cgroup} do not end`);
  for (const name of [record.netns, record.wanNetns]) deleteNetns(name);
  removeCgroup(record.cgroup);
  // The engine's mounts are in its own mount namespace and went with it. Should one have come to this namespace
  // (someone entered and bound it), removing the directory would remove what is mounted there: refuse.
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4]);
  const mounted = mounts.find((path) => path?.startsWith(`${record.directory}/`));
  if (mounted !== undefined) throw new Error(`${mounted} is still mounted`);
  rmSync(record.directory, { recursive: true, force: true, maxRetries: 5 });
}

function deleteNetns(name: string): void {
  const file = `/run/netns/${name}`;
  if (!existsSync(file)) return;
  try {
    runSync(['ip', 'netns', 'delete', name]);
  } catch (error) {
    if (existsSync(file)) throw error; // otherwise another run swept it at the same moment
  }
}

/** Removes what runs left whose owner is dead. What cannot be removed is logged and does not hold up a new run. */
export function sweep(log: (message: string) => void): void {
  for (const entry of readdirSync(tmpdir())) {
    if (!entry.startsWith(prefix)) continue;
    const record = readRecord(join(tmpdir(), entry));
    if (record === undefined || startTimeOf(record.owner.pid) === record.owner.startTime) continue;
    try {
      removeEngine(record);
      log(`removed ${record.directory}, left by a run that was killed`);
    } catch (error) {
      log(`${record.directory}, left by a run that was killed, stays: ${String(error)}`);
    }
  }
}
