import { join } from 'node:path';
import type { Lifetime } from '../../scripts/lifetime.ts';
import { ToolError } from '../../scripts/lifetime.ts';
import { run } from '../../scripts/processes.ts';
import { root } from '../../scripts/repository.ts';
import type { ActivationReport } from './activationProgram.ts';
import { filesOf } from './bundles.ts';
import { kibibytes, megabytes, milliseconds, type Row } from './rows.ts';
import { median } from './statistics.ts';

const hostBundle = 'extension.cjs';
/** File of dist/ → the most bytes that it may have. */
const limits: Readonly<Record<string, number>> = {
  [hostBundle]: 300 * 1024,
  'webview/diagram.js': 150 * 1024,
};
const activationLimit = 30;

/** Sizes of what the VSIX runs, in the extension host or in the webview. */
export async function measureSizes(dist: string, where: 'host' | 'webview'): Promise<Row[]> {
  const files = await filesOf(dist);
  const wanted = files.filter(({ name }) => name.startsWith('webview/') === (where === 'webview'));
  return wanted.map(({ name, bytes }): Row => {
    const row = { what: `size of dist/${name}`, measured: kibibytes(bytes), yardstick: '' };
    const limit = limits[name];
    if (limit === undefined) return { ...row, target: '' };
    return { ...row, target: `<= ${kibibytes(limit)}`, met: bytes <= limit };
  });
}

/** Loads and activates the packaged extension in `rounds` fresh processes. */
export async function measureActivation(
  dist: string,
  program: string,
  directory: string,
  rounds: number,
  life: Lifetime,
): Promise<Row[]> {
  const env = { ...process.env, DOCKER_HOST: `unix://${join(directory, 'nobody.sock')}` };
  const reports: ActivationReport[] = [];
  // The first one warms the files up and does not count.
  for (let round = 0; round <= rounds; round++) {
    const args = ['--expose-gc', program, join(dist, hostBundle), root];
    const { code, stdout, stderr } = await run(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: life.signal,
      env,
    });
    if (code !== 0) throw new ToolError(`The packaged extension could not be activated.\n${stderr}`);
    if (round > 0) reports.push(JSON.parse(stdout) as ActivationReport);
  }
  const node = median(reports.map((report) => report.node));
  const of = (part: (report: ActivationReport) => number): number => median(reports.map(part));
  const row = (what: string, value: number): Row => ({
    what,
    measured: milliseconds(value),
    yardstick: `node itself ${milliseconds(node)}`,
    ratio: value / node,
    target: '',
  });
  const all = of(({ load, activate, connect }) => load + activate + connect);
  return [
    {
      ...row('activation until the engine is first asked', all),
      target: `<= ${activationLimit} ms`,
      met: all <= activationLimit,
    },
    row(
      '  of that: loading the bundle',
      of(({ load }) => load),
    ),
    row(
      '  of that: activate()',
      of(({ activate }) => activate),
    ),
    row(
      '  of that: finding the engine',
      of(({ connect }) => connect),
    ),
    { what: '  heap of it', measured: megabytes(of(({ heap }) => heap)), yardstick: '', target: '' },
  ];
}
