import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDockerEngine } from '../../src/engine/docker/dockerodeEngine.ts';
import type { DockerTransport } from '../../src/engine/docker/target.ts';
import type { EngineInfo } from '../../src/topology/model.ts';
import { run } from '../lab/run.ts';
import { startSshd } from '../lab/sshd.ts';
import { startTlsEngine, type TlsEngine } from '../lab/tls.ts';
import { machineLinks, tracesOf } from '../lab/traces.ts';

describe('the lab from afar', () => {
  let tls: TlsEngine;
  let linksBefore: readonly string[];

  beforeAll(async () => {
    linksBefore = await machineLinks();
    tls = await startTlsEngine({ version: '26.1' });
  });

  afterAll(() => tls.dispose());

  async function infoBy(endpoint: string, transport: DockerTransport): Promise<EngineInfo> {
    const connection = { key: endpoint, label: endpoint, endpoint, origin: 'DOCKER_HOST', readOnly: false } as const;
    const engine = createDockerEngine({ connection, transport, setting: endpoint });
    try {
      return await engine.info();
    } finally {
      engine.close();
    }
  }

  function byTls(certificates: string): Promise<EngineInfo> {
    const pem = (name: string): string => readFileSync(join(certificates, `${name}.pem`), 'utf8');
    const material = { ca: pem('ca'), cert: pem('cert'), key: pem('key'), verify: true };
    return infoBy(tls.tcpHost, { kind: 'tcp', host: '127.0.0.1', port: tls.port, basePath: '', tls: material });
  }

  it('has an engine behind TLS that knows its clients', async () => {
    expect((await byTls(tls.certificates)).name).toBe(tls.engine.name.toLowerCase());
    await expect(byTls(tls.strangerCertificates)).rejects.toMatchObject({ name: 'EngineError' });
    const bare: DockerTransport = {
      kind: 'tcp',
      host: '127.0.0.1',
      port: tls.port,
      basePath: '',
      tls: { verify: false },
    };
    await expect(infoBy(tls.tcpHost, bare), 'without a certificate').rejects.toMatchObject({ kind: 'denied' });
  });

  it('has a machine that is reached by ssh, with the docker command and its engine', async () => {
    const sshd = await startSshd(tls.engine);
    const path = process.env['PATH'];
    process.env['PATH'] = `${sshd.binDirectory}:${path ?? ''}`;
    try {
      const destination = { host: '127.0.0.1', user: 'root', port: sshd.port };
      expect((await infoBy(sshd.dockerHost, { kind: 'ssh', destination })).name).toBe(tls.engine.name.toLowerCase());
      await expect(
        run([
          '/usr/bin/ssh',
          '-F',
          'none',
          '-o',
          'BatchMode=yes',
          '-o',
          'UserKnownHostsFile=/dev/null',
          '-p',
          `${sshd.port}`,
          'root@127.0.0.1',
        ]),
        'a stranger has no key and does not know the host',
      ).rejects.toThrow('Host key verification failed');
    } finally {
      process.env['PATH'] = path;
      sshd.close();
    }
  });

  it('leaves nothing behind', async () => {
    tls.dispose();
    expect(tracesOf(tls.engine.directory)).toEqual([]);
    expect(await machineLinks()).toEqual(linksBefore);
  });
});
