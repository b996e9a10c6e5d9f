import fc from 'fast-check';
import { expect, test } from 'vitest';
import { directoryOf } from '../../../src/engine/docker/directory.ts';
import { normalizeContainer } from '../../../src/engine/docker/normalizeContainer.ts';
import { normalizeEngine } from '../../../src/engine/docker/normalizeEngine.ts';
import { normalizeNetwork } from '../../../src/engine/docker/normalizeNetwork.ts';
import { EngineError } from '../../../src/engine/engine.ts';
import {
  createRecordedEngine,
  parseRecording,
  type Recording,
  stringifyRecording,
} from '../../../src/engine/recorded.ts';
import type { Evidence, Snapshot } from '../../../src/topology/model.ts';
import { engineFixture } from './fixtures.ts';

const everyEvidence: { readonly [K in Evidence['kind']]: Extract<Evidence, { kind: K }> } = {
  peerIndex: { kind: 'peerIndex', containerLink: 'eth0', iflink: 7, hostLink: 'veth1' },
  pointsBack: { kind: 'pointsBack', hostLink: 'veth1', iflink: 2 },
  peerNamespace: { kind: 'peerNamespace', hostLink: 'veth1', netnsId: 0 },
  uniqueIndex: { kind: 'uniqueIndex', ifindex: 6, hostLink: 'veth1' },
  fdb: { kind: 'fdb', bridge: 'docker0', mac: '02:42:ac:11:00:02', portNo: 1, hostLink: 'veth1', ageSeconds: 0.12 },
  counters: { kind: 'counters', hostLink: 'veth1', packets: 12 },
  onlyOneLeft: { kind: 'onlyOneLeft', bridge: 'docker0', hostLink: 'veth1' },
  mac: { kind: 'mac', containerLink: 'eth0', mac: '02:42:ac:11:00:02' },
  subnet: { kind: 'subnet', containerLink: 'eth0', destination: '172.17.0.0/16', address: '172.17.0.2' },
  onlyInterface: { kind: 'onlyInterface', containerLink: 'eth0' },
  parent: { kind: 'parent', containerLink: 'eth0', parent: 'eth1' },
  recordedParent: { kind: 'recordedParent', containerLink: 'eth0', parent: 'eth1' },
  notOnBridge: { kind: 'notOnBridge', hostLink: 'veth1', bridge: 'docker0' },
  severalCandidates: { kind: 'severalCandidates', count: 2 },
  noCandidate: { kind: 'noCandidate', bridge: 'docker0' },
  otherNamespace: { kind: 'otherNamespace', driver: 'overlay' },
  noKernel: { kind: 'noKernel', reason: 'notLocal' },
  namespaceUnread: { kind: 'namespaceUnread' },
  hostUnread: { kind: 'hostUnread' },
  contradiction: { kind: 'contradiction', hostLink: 'veth1' },
};

/** The recorded engine 28.5 with a kernel view that has one of everything. */
function aRecording(): Recording {
  const { version, info, networks, containers, inspect } = engineFixture('28.5');
  const references = directoryOf(containers, []);
  const namespace = {
    containerIds: ['c1'],
    pid: 4242,
    inode: 4026532000,
    exact: true,
    routes: [{ destination: 'default', gateway: '172.17.0.1', link: 'eth0', metric: 0 }],
    links: [
      {
        name: 'docker0',
        ifindex: 5,
        iflink: 5,
        kind: 'bridge' as const,
        mac: '02:42:00:00:00:01',
        mtu: 1500,
        operState: 'up',
        master: 'bond0',
        addresses: [{ address: '172.17.0.1', prefixLength: 16 }],
        counters: { rxBytes: 1, rxPackets: 2, txBytes: 3, txPackets: 4 },
        bridge: {
          bridgeId: '8000.024200000001',
          stp: false,
          fdb: [{ mac: '02:42:ac:11:00:02', portNo: 1, isLocal: false, ageSeconds: 1.5 }],
        },
        portNo: 1,
        peerNetnsId: 0,
        vxlan: { vni: 4097, local: '192.0.2.1', port: 4789 },
        vlanId: 10,
        mode: 'bridge',
      },
    ],
  };
  const snapshot: Snapshot = {
    takenAt: '2026-01-02T03:04:05Z',
    recorded: true,
    engine: normalizeEngine(version, info, '1.51'),
    networks: networks.flatMap((raw) => normalizeNetwork(raw) ?? []),
    containers: containers.flatMap(
      (row, index) => normalizeContainer({ row, inspect: inspect[index], windows: false }, references) ?? [],
    ),
    kernel: { kind: 'read', view: { source: 'local', host: namespace, containers: [namespace] } },
    wires: [
      {
        containerId: 'c1',
        networkId: 'n1',
        kind: 'veth',
        containerLink: { name: 'eth0', ifindex: 6 },
        hostLink: { name: 'veth1', ifindex: 7 },
        bridge: 'docker0',
        confidence: 'exact',
        evidence: Object.values(everyEvidence),
        candidates: ['veth1'],
      },
    ],
  };
  const raw = Object.fromEntries([...networks, ...inspect].map((record) => [String(record['Id']), record]));
  return { recordedAt: '2026-01-02T03:04:06Z', label: 'the tutorial', snapshot, raw };
}

function refusal(text: string): EngineError {
  try {
    parseRecording(text);
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

/** The recording as JSON, with the value at each place (`snapshot.networks.2.name`) replaced; undefined takes it out. */
function changed(changes: Readonly<Record<string, unknown>>): string {
  const whole: unknown = JSON.parse(stringifyRecording(aRecording()));
  for (const [place, value] of Object.entries(changes)) {
    const steps = place.split('.');
    const last = steps.pop() ?? '';
    const parent = steps.reduce<unknown>((node, step) => Reflect.get(node as object, step), whole);
    Reflect.set(parent as object, last, value);
  }
  return JSON.stringify(whole);
}

test('what was recorded comes back whole', () => {
  expect(parseRecording(stringifyRecording(aRecording()))).toEqual(aRecording());
});

test('a colleague’s file of a newer version, with more in it than we know, opens', () => {
  const text = changed({ comment: 'hello', 'snapshot.weather': { sunny: true }, 'snapshot.networks.0.colour': 'blue' });
  expect(parseRecording(`\uFEFF${text}`)).toEqual(aRecording());
});

test.each(['', 'null', '[]', '{}', '<html>', '{"format":"other","version":1}'])('%j is no recording', (text) => {
  expect(refusal(text)).toMatchObject({
    kind: 'configuration',
    message: expect.stringContaining('not a recording') as string,
  });
});

test('a recording of another version says which', () => {
  expect(refusal(changed({ version: 2 }))).toMatchObject({
    kind: 'configuration',
    message: expect.stringMatching(/version 2.*version 1/) as string,
  });
});

test.each([
  ['snapshot.networks.2.name', 7],
  ['snapshot.networks.2.pools', {}],
  ['snapshot.containers.0.state', 'asleep'],
  ['snapshot.containers.0.mode', null],
  ['snapshot.containers.1.pid', -1],
  ['snapshot.containers.1.labels', { a: 1 }],
  ['snapshot.containers.1.hostname', null],
  ['snapshot.engine', undefined],
  ['snapshot.wires.0.evidence.0.iflink', 'x'],
  ['raw', []],
])('a broken recording says where: %s', (place, value) => {
  const error = refusal(changed({ [place]: value }));
  expect(error.kind).toBe('protocol');
  expect(error.message).toContain(`${place}: `);
});

test.each([
  ['snapshot.containers.0.mode', { kind: 'x' }, 'snapshot.containers.0.mode.kind'],
  ['snapshot.kernel', { kind: 'read' }, 'snapshot.kernel.view'],
  ['snapshot.kernel', { kind: 'absent', reason: 'x' }, 'snapshot.kernel.reason'],
])('of a union it says what the member that was meant lacks: %s = %j', (place, value, named) => {
  expect(refusal(changed({ [place]: value })).message).toContain(`${named}: `);
});

test('any text and any JSON in: a recording or an EngineError', () => {
  const text = stringifyRecording(aRecording());
  const places = [...text.matchAll(/: /g)].length;
  const mutated = fc.tuple(fc.nat(places), fc.jsonValue({ maxDepth: 1 })).map(([place, value]) => {
    let seen = 0;
    return JSON.stringify(JSON.parse(text, (_key, item: unknown) => (seen++ === place ? value : item)));
  });
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), mutated), (input) => {
      try {
        parseRecording(input);
      } catch (error) {
        expect(error).toBeInstanceOf(EngineError);
      }
    }),
    { numRuns: 60 },
  );
});

test('it plays what the engine answered, and changes nothing', async () => {
  const recording = aRecording();
  const engine = createRecordedEngine(recording, 'sample');
  expect(engine.connection).toEqual({
    key: 'sample',
    label: 'the tutorial',
    endpoint: 'recording:the tutorial',
    origin: 'recording',
    readOnly: true,
    recordedAt: recording.recordedAt,
  });
  expect(await engine.info()).toEqual(recording.snapshot.engine);
  expect((await engine.networks()).map(({ model }) => model)).toEqual(recording.snapshot.networks);
  for (const read of await engine.containers()) {
    expect(read.raw).toMatchObject({ Id: read.model.id, HostConfig: {} });
    expect(await engine.container(read.model.id)).toEqual(read);
  }
  expect(await engine.network('nope')).toBeUndefined();
  expect(await engine.container('__proto__')).toBeUndefined();
});

test('Inspect of a recording without the engine’s JSON shows the model', async () => {
  const recording = { ...aRecording(), raw: {} };
  const [read] = await createRecordedEngine(recording, 'sample').networks();
  expect(read?.raw).toBe(read?.model);
});

test('its events never fire, and a cancelled read rejects as everywhere', async () => {
  const engine = createRecordedEngine(aRecording(), 'sample');
  const subscription = await engine.events({
    event: () => expect.unreachable(),
    closed: () => expect.unreachable(),
  });
  subscription.dispose();
  engine.close();
  await expect(engine.containers(AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
});
