import { describe, expect, test } from 'vitest';
import { dockerCommand } from '../../../src/actions/dockerCommand.ts';
import { parseServicePorts, servicePortConflict, type TakenPort } from '../../../src/actions/servicePorts.ts';
import { replicasProblem, serviceNameProblem } from '../../../src/actions/serviceProblems.ts';
import type { Action, PublishMode, ServiceSpec } from '../../../src/actions/specs.ts';
import { joinCommand } from '../../../src/actions/swarmJoin.ts';
import { leaveImpact, type LeaveImpact } from '../../../src/actions/swarmLeave.ts';

const plainService: ServiceSpec = {
  image: 'nginx',
  name: '',
  replicas: 1,
  ports: [],
  publishMode: 'ingress',
  environment: [],
  command: [],
};
const create = (spec: Partial<ServiceSpec>): string =>
  dockerCommand({ kind: 'createService', spec: { ...plainService, ...spec } }).join(' ');

test('every field of a new service is a flag, and what is left to the swarm is not in the command', () => {
  expect(create({})).toBe('docker service create --detach --no-resolve-image --replicas 1 nginx');
  expect(
    create({
      image: 'redis:7',
      name: 'cache',
      network: { id: 'abc', name: 'my-over' },
      replicas: 3,
      ports: [
        { containerPort: 6379, protocol: 'tcp', publishedPort: 8088 },
        { containerPort: 53, protocol: 'udp' },
      ],
      publishMode: 'host',
      environment: ['A=b'],
      command: ['sh', '-c', 'exit'],
    }),
  ).toBe(
    'docker service create --detach --no-resolve-image --name cache --network my-over --replicas 3 --publish published=8088,target=6379,mode=host --publish target=53,protocol=udp,mode=host --env A=b redis:7 sh -c exit',
  );
  expect(create({ ports: [{ containerPort: 80, protocol: 'tcp', publishedPort: 8080 }], replicas: 0 })).toContain(
    '--replicas 0 --publish published=8080,target=80 nginx',
  );
});

test.each<[Action, string]>([
  [{ kind: 'swarmLeave', force: false }, 'docker swarm leave'],
  [{ kind: 'swarmLeave', force: true }, 'docker swarm leave --force'],
  [{ kind: 'removeServices', names: ['a', 'b'] }, 'docker service rm a b'],
])('%j has its command', (action, expected) => {
  expect(dockerCommand(action).join(' ')).toBe(expected);
});

test('no secret of a service’s environment reaches the log', () => {
  const spec = { ...plainService, environment: ['PASSWORD=s3cret'] };
  const words = dockerCommand({ kind: 'createService', spec }, { maskEnvironment: true });
  expect(words.join(' ')).not.toContain('s3cret');
  expect(words).toContain('PASSWORD=••••');
});

test('a join command is shown without its token, and copied with it', () => {
  const join = { token: 'SWMTKN-1-49nj1cmql0-8vxv8rssmk', address: '192.0.2.1:2377' };
  expect(joinCommand(join, true).join(' ')).toBe('docker swarm join --token SWMTKN-1-•••• 192.0.2.1:2377');
  expect(joinCommand(join, false).join(' ')).toBe(`docker swarm join --token ${join.token} 192.0.2.1:2377`);
  expect(joinCommand({ ...join, token: 'anything' }, true)).toContain('••••');
});

test.each<[string, { manager: boolean; managers: number; reachable: number }, LeaveImpact]>([
  ['a worker', { manager: false, managers: 0, reachable: 0 }, 'worker'],
  ['the only manager', { manager: true, managers: 1, reachable: 1 }, 'swarm'],
  ['one of two', { manager: true, managers: 2, reachable: 2 }, 'majority'],
  ['one of three', { manager: true, managers: 3, reachable: 3 }, 'manager'],
  ['one of three of which one is down', { manager: true, managers: 3, reachable: 2 }, 'majority'],
  ['one of three that answer nobody', { manager: true, managers: 3, reachable: 0 }, 'majority'],
  ['one of five of which one is down', { manager: true, managers: 5, reachable: 4 }, 'manager'],
])('%s that leaves costs the swarm what it does', (_, node, impact) => {
  expect(leaveImpact(node)).toBe(impact);
});

describe('ports of a service', () => {
  test('are those of docker run that a swarm knows', () => {
    expect(parseServicePorts('8080:80, 53/udp 9000-9001:90-91').value).toEqual([
      { containerPort: 80, protocol: 'tcp', publishedPort: 8080 },
      { containerPort: 53, protocol: 'udp' },
      { containerPort: 90, protocol: 'tcp', publishedPort: 9000 },
      { containerPort: 91, protocol: 'tcp', publishedPort: 9001 },
    ]);
    expect(parseServicePorts('127.0.0.1:8080:80').problem).toEqual({ kind: 'hostAddress', text: '127.0.0.1' });
    expect(parseServicePorts('8000-8010:80').problem).toEqual({ kind: 'hostRange', text: '8000-8010' });
    expect(parseServicePorts('80:').problem?.kind).toBe('port');
  });

  const taken = (mode: PublishMode): readonly TakenPort[] => [
    { service: 'web', publishedPort: 80, protocol: 'tcp', mode },
  ];
  test.each<[PublishMode, PublishMode, boolean]>([
    ['ingress', 'ingress', true],
    ['ingress', 'host', true],
    ['host', 'ingress', true],
    ['host', 'host', false],
  ])('%s beside one of %s', (mode, other, conflict) => {
    const port = { containerPort: 1, protocol: 'tcp', publishedPort: 80 } as const;
    expect(servicePortConflict(port, mode, taken(other))?.service).toBe(conflict ? 'web' : undefined);
    expect(servicePortConflict({ ...port, protocol: 'udp' }, mode, taken(other))).toBeUndefined();
    expect(servicePortConflict({ ...port, publishedPort: 81 }, mode, taken(other))).toBeUndefined();
    expect(servicePortConflict({ containerPort: 80, protocol: 'tcp' }, mode, taken(other))).toBeUndefined();
  });
});

test('names and numbers that a swarm refuses are told before it is asked', () => {
  expect(serviceNameProblem('', ['web'])).toBeUndefined();
  expect(serviceNameProblem('web', [])).toBeUndefined();
  expect(serviceNameProblem('web', ['web'])).toEqual({ kind: 'serviceNameTaken', name: 'web' });
  expect(serviceNameProblem('a.b', [])?.kind).toBe('swarmName');
  expect(serviceNameProblem('a'.repeat(64), [])?.kind).toBe('tooLong');
  expect(replicasProblem('')?.kind).toBe('empty');
  expect(replicasProblem('0')).toBeUndefined();
  for (const text of ['-1', '1.5', 'x', '100000']) expect(replicasProblem(text)?.kind, text).toBe('number');
});
