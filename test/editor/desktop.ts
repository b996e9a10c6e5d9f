// The suite of test/editor in the desktop VS Code, which @vscode/test-electron downloads.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from '../../scripts/build.ts';
import { closingLine, orFailed } from '../../scripts/counts.ts';
import { runTool } from '../../scripts/lifetime.ts';
import { root } from '../../scripts/repository.ts';
import { quietSettings } from '../../scripts/windowSettings.ts';
import { lineReader, reportVariable } from './report.ts';
import { Tally } from './tally.ts';

await runTool(async (life) => {
  const say = (message: string): void => console.log(message);
  await build();
  const directory = await life.directory('desktop');
  const userData = join(directory, 'data');
  await mkdir(join(userData, 'User'), { recursive: true });
  await writeFile(
    join(userData, 'User', 'settings.json'),
    JSON.stringify({ ...quietSettings, 'dockerNetworks.connection': 'recording:sample' }),
  );
  const file = join(directory, 'report.jsonl');
  const exitCode = await runTests({
    ...(process.env['VSCODE_VERSION'] === undefined ? {} : { version: process.env['VSCODE_VERSION'] }),
    extensionDevelopmentPath: root,
    extensionTestsPath: join(root, 'dist', 'test', 'editor.cjs'),
    extensionTestsEnv: { [reportVariable]: file },
    launchArgs: [
      ...['--user-data-dir', userData, '--extensions-dir', join(directory, 'extensions')],
      ...['--disable-workspace-trust', '--disable-updates', '--disable-telemetry'],
    ],
  }).catch((error: unknown) => {
    say(String(error));
    return 1;
  });
  const tally = new Tally(say);
  for (const line of lineReader(file)()) tally.add(line);
  if (!tally.ended) tally.fail('the extension host', 'The suite did not come to its end.');
  const counts = orFailed(tally.counts, exitCode !== 0, say);
  say(`\n${closingLine(counts)}`);
  return counts.failed === 0 ? 0 : 1;
});
