import { spawn, spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lifetime } from './lifetime.ts';
import { root } from './repository.ts';

/** `code` hands over to the editor's main process, which writes its id into its user data. */
async function mainProcess(userData: string): Promise<number | undefined> {
  const text = await readFile(join(userData, 'code.lock'), 'utf8').catch(() => '');
  const pid = Number(text.trim());
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function endEditor(userData: string): Promise<void> {
  const pid = await mainProcess(userData);
  if (pid === undefined || !isAlive(pid)) return;
  if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
  else process.kill(pid, 'SIGTERM');
  for (let waited = 0; waited < 5000 && isAlive(pid); waited += 50) await sleep(50);
}

/** Opens the desktop editor with settings and extensions of its own, and settles when its window is closed. */
export async function openDesktop(
  code: string,
  settings: Readonly<Record<string, unknown>>,
  life: Lifetime,
  say: (message: string) => void,
): Promise<void> {
  const directory = await life.directory('desktop');
  const userData = join(directory, 'data');
  await mkdir(join(userData, 'User'), { recursive: true });
  await writeFile(join(userData, 'User', 'settings.json'), JSON.stringify(settings));
  const args = [
    ...[`--extensionDevelopmentPath=${root}`, '--new-window', '--wait', '--disable-workspace-trust'],
    ...[`--user-data-dir=${userData}`, `--extensions-dir=${join(directory, 'extensions')}`],
  ];
  say(`Opening ${code}. Closing its window, or Ctrl-C here, ends all of it.`);
  const child =
    process.platform === 'win32'
      ? spawn(
          `"${code}"`,
          args.map((one) => `"${one}"`),
          { stdio: 'inherit', shell: true },
        )
      : spawn(code, args, { stdio: 'inherit' });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
  await life.add(async () => {
    child.kill();
    await endEditor(userData);
  });
  await ended;
}
