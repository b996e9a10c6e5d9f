import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Links a built extension into an extensions directory, as if it were installed: a new build is there after "Reload
 * Window". The whole directory, since VS Code knows an extension's code by its real path. (A junction on Windows: that
 * takes no rights.)
 *
 * Not as an extension under development: VS Code in the browser takes one only with its driver for smoke tests, and
 * that driver shows no notifications.
 */
export async function linkExtension(extensionPath: string, extensionsDirectory: string): Promise<void> {
  const text = await readFile(join(extensionPath, 'package.json'), 'utf8');
  const { publisher, name, version } = JSON.parse(text) as { publisher: string; name: string; version: string };
  await symlink(extensionPath, join(extensionsDirectory, `${publisher}.${name}-${version}`), 'junction');
}
