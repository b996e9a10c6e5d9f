// keeper.ts DIRECTORY COMMAND [ARGUMENTS]: runs COMMAND for as long as our standard input is open, then ends it with
// all its children and removes DIRECTORY. The pipe closes however our parent ends, by SIGKILL too, so nothing stays.
import { spawn, spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

function alive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // Gone already.
  }
}

/** Ends the process and its children: asked first, then made to, after 3 s. */
async function endTree(pid: number): Promise<void> {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
    return;
  }
  signalGroup(pid, 'SIGTERM');
  for (let waited = 0; waited < 3000 && alive(pid); waited += 50) await sleep(50);
  signalGroup(pid, 'SIGKILL');
}

const [directory, command, ...args] = process.argv.slice(2);
if (directory === undefined || command === undefined) throw new Error('Usage: keeper.ts DIRECTORY COMMAND [ARGUMENTS]');

const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: process.platform !== 'win32' });

let ending = false;
async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  if (child.pid !== undefined) await endTree(child.pid);
  await rm(directory ?? '', { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  process.exit(code);
}

child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  void end(1);
});
child.on('exit', (code) => void end(code ?? 1));
process.stdin.on('end', () => void end(0)).on('error', () => void end(0));
process.stdin.resume();
// A terminal's Ctrl-C comes to everyone in the group; our parent decides when we end.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => void end(0));
process.on('SIGHUP', () => void end(0));
