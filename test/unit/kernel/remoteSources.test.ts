import { afterAll, describe, expect, it } from 'vitest';
import { createExecKernel } from '../../../src/kernel/exec.ts';
import { createHelperKernel } from '../../../src/kernel/helperContainer.ts';
import type { KernelSource } from '../../../src/kernel/kernel.ts';
import { createConsentedKernel, type Consent } from '../../../src/kernel/remote/consent.ts';
import { helperImages, type LocalImage } from '../../../src/kernel/remote/images.ts';
import type { ScriptRunner } from '../../../src/kernel/remote/runner.ts';
import { insideScript } from '../../../src/kernel/remote/script.ts';
import { clearPlanted } from './machineTree.ts';
import { remoteMachine } from './remoteMachine.ts';
import { dbId, request, smallMachine, webId } from './smallMachine.ts';

afterAll(clearPlanted);

const busybox = (): Promise<readonly string[]> => Promise.resolve(['busybox:latest']);

function absent(reason: string): object {
  return { kind: 'absent', reason };
}

/** Refuses; the rest as the test says. */
function runnerOf(part: Partial<ScriptRunner>): ScriptRunner {
  const refuse = (): Promise<never> => Promise.reject(new Error('refused'));
  return { onMachine: refuse, inContainer: refuse, ...part };
}

describe.skipIf(process.platform === 'win32')('a kernel read by a helper container', () => {
  it('is read whole each time, by one container, with the PIDs as arguments', async () => {
    const machine = remoteMachine(smallMachine());
    const source = createHelperKernel({ runner: machine.runner, images: busybox });
    const first = await source.read(request);
    if (first.kind === 'absent') throw new Error(first.reason);
    expect(first.view.source).toBe('helper');
    expect(first.view.containers.flatMap(({ containerIds }) => containerIds)).toEqual([webId, dbId]);
    const second = await source.read({ ...request, previous: { view: first.view, touched: new Set([webId]) } });
    expect(second).toEqual(first);
    expect(machine.commands).toHaveLength(2);
    expect(machine.commands[0]?.slice(0, 2)).toEqual(['sh', '-c']);
    expect(machine.commands[0]?.slice(-2)).toEqual(['101', '102']);
    expect(machine.commands[0]?.[4]).not.toBe(machine.commands[1]?.[4]);
    expect((await source.counters()).size).toBe(0);
  });

  it('is refused where the engine’s bridges are not in that namespace', async () => {
    const source = createHelperKernel({ runner: remoteMachine(smallMachine()).runner, images: busybox });
    expect(await source.read({ ...request, bridges: ['br-0123456789ab'] })).toEqual(absent('otherNamespace'));
  });

  it('takes the next image where one has no shell, and from then on that', async () => {
    const machine = remoteMachine(smallMachine());
    const tried: string[] = [];
    const onMachine: ScriptRunner['onMachine'] = (image, ...rest) => {
      tried.push(image);
      return image === 'two'
        ? machine.runner.onMachine(image, ...rest)
        : Promise.reject(new Error('exec format error'));
    };
    const log: string[] = [];
    const images = (): Promise<readonly string[]> => Promise.resolve(['one', 'two', 'three']);
    const source = createHelperKernel({ runner: runnerOf({ onMachine }), images, log: (line) => log.push(line) });
    expect((await source.read(request)).kind).toBe('read');
    expect((await source.read(request)).kind).toBe('read');
    expect(tried).toEqual(['one', 'two', 'two']);
    expect(log[0]).toContain('exec format error');
  });

  it('says that no image is there, and asks again the next time', async () => {
    const machine = remoteMachine(smallMachine());
    const all: string[] = [];
    const source = createHelperKernel({ runner: machine.runner, images: () => Promise.resolve(all) });
    expect(await source.read(request)).toEqual(absent('noImage'));
    all.push('alpine');
    expect((await source.read(request)).kind).toBe('read');
  });
});

describe('a kernel read from afar', () => {
  const garbage = runnerOf({ onMachine: () => Promise.resolve(Buffer.from('sh: syntax error')) });
  const helper = (runner: ScriptRunner, log: string[] = []): KernelSource =>
    createHelperKernel({ runner, images: busybox, log: (line) => log.push(line) });

  it.each([
    ['cannot be run', runnerOf({}), /refused/],
    ['prints something else', garbage, /not whole/],
  ])('has failed where the helper %s, and the log says why', async (_, runner, why) => {
    const log: string[] = [];
    const source = helper(runner, log);
    expect(await source.read(request)).toEqual(absent('failed'));
    expect(log.join('\n')).toMatch(why);
    expect(await source.listeners()).toEqual([]);
  });

  it('is given a part of the time that the whole read has', async () => {
    const given: number[] = [];
    const onMachine: ScriptRunner['onMachine'] = (_image, _command, { timeoutMs }) => {
      given.push(timeoutMs);
      return Promise.reject(new Error('timeout'));
    };
    const images = (): Promise<readonly string[]> => Promise.resolve(['a', 'b', 'c', 'd']);
    const source = createHelperKernel({ runner: runnerOf({ onMachine }), images, timeoutMs: 500 });
    expect(await source.read(request)).toEqual(absent('failed'));
    expect(given).toHaveLength(3);
    expect(Math.max(...given)).toBeLessThanOrEqual(500);
  });

  it('rejects after an abort with the reason of the signal, and with nothing else', async () => {
    const controller = new AbortController();
    const reason = new Error('nobody looks');
    const onMachine: ScriptRunner['onMachine'] = () => {
      controller.abort(reason);
      return Promise.reject(new Error('cancelled'));
    };
    const runner = runnerOf({ onMachine, inContainer: () => onMachine('', [], { timeoutMs: 1, maxBytes: 1 }) });
    await expect(helper(runner).read(request, controller.signal)).rejects.toBe(reason);
    await expect(createExecKernel({ runner }).read(request, controller.signal)).rejects.toBe(reason);
    await expect(createExecKernel({ runner }).read(request, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('goes the way that is allowed, as soon as it is', async () => {
    const way = (reason: 'unproven' | 'disabled'): KernelSource => ({
      read: () => Promise.resolve({ kind: 'absent', reason }),
      listeners: () => Promise.resolve([{ protocol: 'tcp', address: reason, port: 1 }]),
      counters: () => Promise.resolve(new Map()),
    });
    let mode: ReturnType<Consent['mode']> = 'none';
    const consent: Consent = { mode: () => mode };
    const source = createConsentedKernel(consent, { helper: way('unproven'), exec: way('disabled') });
    expect(await source.read(request)).toEqual(absent('notAllowed'));
    expect(await source.listeners()).toEqual([]);
    mode = 'helper';
    expect(await source.read(request)).toEqual(absent('unproven'));
    mode = 'exec';
    expect(await source.read(request)).toEqual(absent('disabled'));
    expect(await source.listeners()).toMatchObject([{ address: 'disabled' }]);
    expect((await source.counters()).size).toBe(0);
  });
});

describe.skipIf(process.platform === 'win32')('a kernel read by exec', () => {
  /** In the container itself its own process is `self`. */
  function inside(): { readonly source: KernelSource; readonly asked: string[] } {
    const asked: string[] = [];
    const inContainer: ScriptRunner['inContainer'] = (id, [, , script = '', , ...args]) => {
      asked.push(id);
      const tree = smallMachine();
      const self = tree.processes[id === webId ? 101 : 102];
      if (self === undefined || id === dbId) return Promise.reject(new Error('no sh'));
      tree.processes['self'] = self;
      expect(script).toBe(insideScript);
      return Promise.resolve(Buffer.from(remoteMachine(tree).print(script, args)));
    };
    return { source: createExecKernel({ runner: runnerOf({ inContainer }) }), asked };
  }

  it('has the inside of each container that has a shell, and nothing of the host', async () => {
    const { source } = inside();
    const reading = await source.read(request);
    if (reading.kind === 'absent') throw new Error(reading.reason);
    const { view } = reading;
    expect(view).toMatchObject({ source: 'exec', host: { links: [], routes: [], exact: false } });
    expect(view.containers).toHaveLength(1);
    expect(view.containers[0]).toMatchObject({ containerIds: [webId], pid: 101, exact: false });
    expect(view.containers[0]?.links[1]).toMatchObject({
      name: 'eth0',
      ifindex: 2,
      iflink: 5,
      mac: '02:42:0a:00:01:02',
      addresses: [{ address: '10.0.1.2', prefixLength: 24 }],
    });
  });

  it('asks only those that were touched or are new', async () => {
    const { source, asked } = inside();
    const reading = await source.read(request);
    if (reading.kind === 'absent') throw new Error(reading.reason);
    asked.length = 0;
    const previous = { view: reading.view, touched: new Set<string>() };
    await source.read({ ...request, previous });
    expect(asked).toEqual([dbId]);
    asked.length = 0;
    await source.read({ ...request, previous: { ...previous, touched: new Set([webId]) } });
    expect(asked.sort()).toEqual([webId, dbId]);
  });

  it('has failed where nobody answers', async () => {
    const source = createExecKernel({ runner: runnerOf({}) });
    expect(await source.read(request)).toEqual(absent('failed'));
    expect((await source.read({ ...request, containers: [] })).kind).toBe('read');
  });
});

describe('images for a helper container', () => {
  const image = (size: number, ...tags: readonly string[]): LocalImage => ({ tags, size });

  it('are small base images, the person’s tools image first', () => {
    const local = [
      image(80, 'debian:bookworm'),
      image(7, 'docker.io/library/alpine:3'),
      image(9, 'alpine:latest', 'company.example/tools:1'),
      image(4, 'busybox:1.36'),
      image(200, 'nicolaka/netshoot:latest'),
    ];
    expect(helperImages(local)).toEqual([
      'busybox:1.36',
      'docker.io/library/alpine:3',
      'alpine:latest',
      'nicolaka/netshoot:latest',
      'debian:bookworm',
    ]);
    expect(helperImages(local, 'nicolaka/netshoot')[0]).toBe('nicolaka/netshoot:latest');
    expect(helperImages(local, 'company.example/tools:1')[0]).toBe('company.example/tools:1');
  });

  it('are none of services, of other makers, or of the person’s own', () => {
    const local = [
      image(40, 'redis:7'),
      image(5, 'registry.example/busybox:1'),
      image(5, 'localhost:5000/alpine'),
      image(5, 'someone/busybox'),
      image(5, 'my-app:latest'),
    ];
    expect(helperImages(local)).toEqual([]);
    expect(helperImages([], 'nicolaka/netshoot')).toEqual([]);
  });
});
