/**
 * `activationProgram.cjs BUNDLE ROOT`, in a fresh process with `--expose-gc`: loads the extension as it is packaged and
 * activates it, with an engine's address in DOCKER_HOST and a view that is visible. Prints an `ActivationReport`.
 */
import { extensionContext } from './editor.ts';
import { subscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';

/** Milliseconds. */
export interface ActivationReport {
  /** Reading, compiling and running the bundle. */
  readonly load: number;
  /** `activate()` until it returned. */
  readonly activate: number;
  /** From there until the first request to the engine was made. */
  readonly connect: number;
  /** What node itself takes until it runs a program. */
  readonly node: number;
  /** Heap that code and activation keep, bytes. */
  readonly heap: number;
}

interface Extension {
  activate(context: object): unknown;
}

const [bundle = '', root = ''] = process.argv.slice(2);
const { nodeTiming } = performance;

function heapUsed(): number {
  global.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Settles when this process asks an engine for the first time. */
const firstRequest = new Promise<number>((resolve) => {
  subscribe('http.client.request.created', () => resolve(performance.now()));
});
const load = createRequire(bundle);
const context = extensionContext(root);
// The host that extensions run in has loaded node's own modules long before.
for (const [, name = ''] of readFileSync(bundle, 'utf8').matchAll(/\brequire\("([\w:/]+)"\)/g)) {
  if (isBuiltin(name)) load(name);
}
const heapBefore = heapUsed();

const began = performance.now();
const extension = load(bundle) as Extension;
const loaded = performance.now();
extension.activate(context);
const activated = performance.now();

void firstRequest.then((requested) => {
  const report: ActivationReport = {
    load: loaded - began,
    activate: activated - loaded,
    connect: requested - activated,
    node: nodeTiming.bootstrapComplete - nodeTiming.nodeStart,
    heap: heapUsed() - heapBefore,
  };
  process.stdout.write(JSON.stringify(report), () => process.exit(0));
});
setTimeout(() => {
  process.stderr.write('void: the extension did not ask an engine within 10 s\n');
  process.exit(1);
}, 10_000);
