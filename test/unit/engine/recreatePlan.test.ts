import { describe, expect, test } from 'vitest';
import type { PublishSpec } from '../../../src/actions/specs.ts';
import { type JsonObject, object, text } from '../../../src/engine/docker/json.ts';
import { anonymousVolumes, planRecreate, type RecreateInput } from '../../../src/engine/docker/recreatePlan.ts';
import { engineFixture, type Raw, recordedVersions } from './fixtures.ts';

const api = { '20.10': '1.41', '28.5': '1.51' } as const;
const ports: readonly PublishSpec[] = [{ containerPort: 80, protocol: 'tcp', hostIp: '127.0.0.1', hostPort: 8080 }];

function plan(inspect: JsonObject, more: Partial<RecreateInput> = {}) {
  return planRecreate({
    inspect,
    resting: inspect,
    ports,
    apiVersion: '1.51',
    image: text(object(inspect['Config'])['Image']),
    networkMode: text(object(inspect['HostConfig'])['NetworkMode']),
    references: {},
    ...more,
  });
}

/** An inspection with only what a test is about. */
function inspection(parts: {
  config?: JsonObject;
  host?: JsonObject;
  networks?: Readonly<Record<string, JsonObject>>;
  mounts?: readonly JsonObject[];
  more?: JsonObject;
}): JsonObject {
  return {
    Id: 'c0ffee'.padEnd(64, '0'),
    Name: '/web',
    Image: 'sha256:1',
    Config: { Image: 'busybox', Hostname: 'c0ffee000000', ...parts.config },
    HostConfig: { NetworkMode: 'net', ...parts.host },
    NetworkSettings: { Networks: parts.networks ?? { net: { NetworkID: 'n1' } } },
    Mounts: parts.mounts ?? [],
    ...parts.more,
  };
}

describe.each(recordedVersions)('of a container that Docker %s recorded', (version) => {
  const { inspect } = engineFixture(version);
  const apiVersion = api[version];
  const named = (name: string): Raw => {
    const found = inspect.find((raw) => raw['Name'] === `/${name}`);
    if (found === undefined) throw new Error(`no ${name} in the fixture`);
    return found;
  };

  test.each(inspect.map((raw) => [text(raw['Name']), raw] as const))(
    '%s: what create accepts is as it was but for the ports',
    (_, raw) => {
      const { body } = plan(raw, { apiVersion });
      const { Hostname: _h, MacAddress: _m, ExposedPorts: _e, Entrypoint: _p, ...config } = object(raw['Config']);
      expect(body).toMatchObject(config);
      const { PortBindings, Links: _l, PublishAllPorts: _a, ...host } = object(body['HostConfig']);
      expect(PortBindings).toEqual({ '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }] });
      const { PortBindings: _b, Links: _k, PublishAllPorts: _q, ...before } = object(raw['HostConfig']);
      expect(host).toEqual(before);
    },
  );

  test('a fixed address, alias, MAC, link and hostname stay', () => {
    const { body, connects } = plan(named('fixed1'), { apiVersion });
    expect(body).toMatchObject({
      Hostname: 'fixedhost',
      NetworkingConfig: {
        EndpointsConfig: {
          dual: {
            Aliases: ['db'],
            IPAMConfig: { IPv4Address: '10.20.0.50', IPv6Address: 'fd00:20::50' },
            Links: ['test3:t3'],
          },
        },
      },
    });
    const endpoint = object(object(object(body['NetworkingConfig'])['EndpointsConfig'])['dual']);
    const mac = version === '20.10' ? body['MacAddress'] : endpoint['MacAddress'];
    expect(mac).toBe('02:42:AA:BB:CC:DD');
    expect(version === '20.10' ? endpoint : body).not.toHaveProperty('MacAddress');
    expect(connects).toEqual([]);
  });

  test('a second network is connected before API 1.44, and part of the body since', () => {
    const { body, connects } = plan(named('test2'), { apiVersion });
    const id = text(object(object(object(named('test2')['NetworkSettings'])['Networks'])['my-bridge'])['NetworkID']);
    if (version === '20.10') {
      expect(connects).toEqual([{ network: id, networkName: 'my-bridge', endpoint: {} }]);
      expect(body).not.toHaveProperty('NetworkingConfig');
    } else {
      expect(connects).toEqual([]);
      const endpoints = object(object(body['NetworkingConfig'])['EndpointsConfig']);
      expect(Object.keys(endpoints)).toEqual(['bridge', 'my-bridge']);
    }
    expect(body).toMatchObject({ HostConfig: { Links: ['test1:test1'] } });
  });

  test('the short id is neither hostname nor alias of the new one', () => {
    const { body } = plan(named('redis'), { apiVersion });
    expect(body).not.toHaveProperty('Hostname');
    expect(JSON.stringify(body)).not.toContain(text(named('redis')['Id']).slice(0, 12));
  });
});

describe('ports', () => {
  test('what was exposed only because it was published goes, what was exposed besides stays', () => {
    const { body } = plan(
      inspection({
        config: { ExposedPorts: { '53/udp': {}, '99/tcp': {} } },
        host: { PortBindings: { '53/udp': [{ HostIp: '', HostPort: '' }] }, PublishAllPorts: true },
      }),
    );
    expect(body['ExposedPorts']).toEqual({ '99/tcp': {}, '80/tcp': {} });
    expect(body).toMatchObject({ HostConfig: { PublishAllPorts: false } });
  });

  test('none at all is a plan, too', () => {
    expect(plan(inspection({}), { ports: [] }).body).toMatchObject({
      ExposedPorts: {},
      HostConfig: { PortBindings: {} },
    });
  });
});

describe('config', () => {
  test('an entry point that was taken away does not come back from the image', () => {
    expect(plan(inspection({ config: { Entrypoint: null } })).body['Entrypoint']).toEqual(['']);
    expect(plan(inspection({ config: { Entrypoint: ['a', 'b'] } })).body['Entrypoint']).toEqual(['a', 'b']);
  });

  test('no hostname in the host’s UTS namespace: the engine refuses one', () => {
    expect(plan(inspection({ config: { Hostname: 'box' }, host: { UTSMode: 'host' } })).body).not.toHaveProperty(
      'Hostname',
    );
  });

  test('the image is named as the caller found it', () => {
    expect(plan(inspection({}), { image: 'sha256:1' }).body['Image']).toBe('sha256:1');
  });

  test('the platform is said where the engine told it', () => {
    const platform = { os: 'linux', architecture: 'arm', variant: 'v7' };
    expect(plan(inspection({ more: { ImageManifestDescriptor: { platform } } })).platform).toBe('linux/arm/v7');
    expect(plan(inspection({})).platform).toBeUndefined();
  });
});

describe('seats', () => {
  const endpointsOf = (body: JsonObject): JsonObject => object(object(body['NetworkingConfig'])['EndpointsConfig']);

  test('an address that an overlay chose is no fixed one: the stopped container tells', () => {
    const running = inspection({ networks: { net: { NetworkID: 'n1', IPAMConfig: { IPv4Address: '10.0.1.5' } } } });
    const resting = inspection({ networks: { net: { NetworkID: 'n1', IPAMConfig: null } } });
    expect(endpointsOf(plan(running, { resting }).body)).toEqual({ net: {} });
    expect(endpointsOf(plan(running).body)).toEqual({ net: { IPAMConfig: { IPv4Address: '10.0.1.5' } } });
  });

  test('a MAC that is made of the address is left to the engine, any other stays', () => {
    const second = (MacAddress: string): JsonObject =>
      inspection({
        networks: { net: { NetworkID: 'n1' }, two: { NetworkID: 'n2', IPAddress: '10.0.0.10', MacAddress } },
      });
    expect(endpointsOf(plan(second('02:42:0a:00:00:0a')).body)['two']).toEqual({});
    expect(endpointsOf(plan(second('02:42:0a:00:00:0b')).body)['two']).toEqual({ MacAddress: '02:42:0a:00:00:0b' });
  });

  test('the primary seat’s MAC is the container’s up to API 1.51, later the seat’s', () => {
    const record = inspection({ networks: { net: { NetworkID: 'n1', MacAddress: '0a:00:00:00:00:01' } } });
    expect(endpointsOf(plan(record).body)).toEqual({ net: {} });
    expect(endpointsOf(plan(record, { apiVersion: '1.52' }).body)).toEqual({
      net: { MacAddress: '0a:00:00:00:00:01' },
    });
  });

  test('the hostname that old engines add to the aliases is not asked for again', () => {
    const record = inspection({
      config: { Hostname: 'box' },
      networks: { net: { NetworkID: 'n1', Aliases: ['a', 'c0ffee000000', 'box'] } },
    });
    expect(endpointsOf(plan(record, { apiVersion: '1.43' }).body)).toEqual({ net: { Aliases: ['a'] } });
    expect(endpointsOf(plan(record, { apiVersion: '1.44' }).body)).toEqual({ net: { Aliases: ['a', 'box'] } });
  });

  test('gateway priority and driver options stay', () => {
    const record = inspection({ networks: { net: { NetworkID: 'n1', GwPriority: -3, DriverOpts: { a: 'b' } } } });
    expect(endpointsOf(plan(record).body)).toEqual({ net: { GwPriority: -3, DriverOpts: { a: 'b' } } });
    expect(endpointsOf(plan(record, { apiVersion: '1.47' }).body)).toEqual({ net: { DriverOpts: { a: 'b' } } });
  });

  test('the network of the mode is found by its name, its id and the beginning of its id', () => {
    const id = 'abcdef0123456789'.padEnd(64, '0');
    const networks = { other: { NetworkID: 'f'.repeat(64) }, net: { NetworkID: id } };
    for (const NetworkMode of ['net', id, id.slice(0, 12)]) {
      const { connects } = plan(inspection({ host: { NetworkMode }, networks }), { apiVersion: '1.43' });
      expect(connects.map(({ networkName }) => networkName)).toEqual(['other']);
    }
  });

  test('a network that shares its name is asked for by its id', () => {
    const networks = { net: { NetworkID: 'n1' }, two: { NetworkID: 'n2' } };
    const { body } = plan(inspection({ networks }), { references: { two: 'n2' } });
    expect(Object.keys(endpointsOf(body))).toEqual(['net', 'n2']);
  });

  test('a seat of a container that never started is asked for by its name', () => {
    const networks = { net: { NetworkID: '' }, two: { NetworkID: '' } };
    expect(plan(inspection({ networks }), { apiVersion: '1.41' }).connects).toMatchObject([{ network: 'two' }]);
  });
});

describe('volumes', () => {
  const volume = (Name: string, Destination: string, RW = true): JsonObject => ({
    Type: 'volume',
    Name,
    Destination,
    RW,
  });
  const mountsOf = (inspect: JsonObject): unknown => object(plan(inspect).body['HostConfig'])['Mounts'];

  test('an anonymous one is mounted by its name, and nothing of the image is copied into it', () => {
    expect(mountsOf(inspection({ mounts: [volume('a1', '/data'), volume('a2', '/ro', false)] }))).toEqual([
      { Type: 'volume', Source: 'a1', Target: '/data', ReadOnly: false, VolumeOptions: { NoCopy: true } },
      { Type: 'volume', Source: 'a2', Target: '/ro', ReadOnly: true, VolumeOptions: { NoCopy: true } },
    ]);
  });

  test('one of --mount without a source gets it', () => {
    const Mounts = [
      { Type: 'volume', Target: '/data/', VolumeOptions: { Labels: { a: 'b' } } },
      { Type: 'volume', Source: 'named', Target: '/n' },
      { Type: 'tmpfs', Target: '/t' },
    ];
    expect(mountsOf(inspection({ host: { Mounts }, mounts: [volume('a1', '/data'), volume('named', '/n')] }))).toEqual([
      { ...Mounts[0], Source: 'a1' },
      Mounts[1],
      Mounts[2],
    ]);
  });

  test('named ones and binds come back by themselves', () => {
    const mounts = [volume('named', '/n'), { Type: 'bind', Source: '/tmp', Destination: '/b' }];
    const record = inspection({ host: { Binds: ['named:/n/', '/tmp:/b:ro'] }, mounts });
    expect(anonymousVolumes(record)).toEqual([]);
    expect(mountsOf(record)).toBeUndefined();
  });

  test('those of another container come back with --volumes-from, the own ones by name', () => {
    const record = inspection({
      config: { Volumes: { '/own': {} } },
      host: { VolumesFrom: ['other'] },
      mounts: [volume('a1', '/own'), volume('a2', '/theirs')],
    });
    expect(anonymousVolumes(record)).toEqual([{ name: 'a1', target: '/own', writable: true }]);
  });
});

test('garbage makes a plan and no exception', () => {
  for (const inspect of [{}, { Config: 1, HostConfig: [], NetworkSettings: { Networks: { a: null } }, Mounts: [3] }]) {
    expect(() => plan(inspect)).not.toThrow();
  }
});
