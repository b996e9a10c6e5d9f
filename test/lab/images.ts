import { chmodSync, copyFileSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { LabEngine } from './labEngine.ts';
import { run } from './run.ts';

/** Debian's busybox-static: one binary that needs no library, so an image of it needs no registry. */
const busybox = '/bin/busybox';

export const images = {
  /** A shell and all applets. */
  busybox: 'busybox:latest',
  /** Answers on 6379 as a server does; it is no Redis. */
  redis: 'redis:latest',
  /** One static binary and nothing else: no shell to exec, like a distroless image. */
  shellless: 'shellless:latest',
} as const;

/** `-ll`: goes on after a connection. PID 1 gets no default signal action, hence the trap. */
const server = ['sh', '-c', 'trap "exit 0" TERM; nc -ll -p 6379 -e cat & wait'];

/** Imports the lab's images into an engine. About a second. */
export async function importImages(engine: Pick<LabEngine, 'directory' | 'docker'>): Promise<void> {
  const place = join(engine.directory, 'images');
  const full = join(place, 'full');
  const bare = join(place, 'bare');
  for (const directory of ['bin', 'etc', 'tmp', 'root', 'proc', 'sys', 'dev'])
    mkdirSync(join(full, directory), { recursive: true });
  copyFileSync(busybox, join(full, 'bin', 'busybox'));
  for (const applet of (await run([busybox, '--list'])).split('\n')) {
    if (applet !== '' && applet !== 'busybox') symlinkSync('busybox', join(full, 'bin', applet));
  }
  mkdirSync(bare, { recursive: true });
  // busybox becomes the applet that it is called by.
  copyFileSync(busybox, join(bare, 'sleep'));
  chmodSync(join(bare, 'sleep'), 0o755);

  const importRoot = async (root: string, tag: string, ...changes: string[]): Promise<void> => {
    const tar = join(place, 'root.tar');
    await run([
      'tar',
      '--create',
      '--file',
      tar,
      '--numeric-owner',
      '--owner=0',
      '--group=0',
      '--directory',
      root,
      '.',
    ]);
    await engine.docker('import', ...changes.flatMap((change) => ['--change', change]), tar, tag);
  };
  await importRoot(full, images.busybox, 'ENV PATH=/bin', 'CMD ["sh"]');
  await importRoot(full, images.redis, 'ENV PATH=/bin', 'EXPOSE 6379', `CMD ${JSON.stringify(server)}`);
  await importRoot(bare, images.shellless, 'CMD ["/sleep", "1000000"]');
  rmSync(place, { recursive: true });
}
