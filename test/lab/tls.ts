import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeEngine, type LabEngine, type LabOptions } from './labEngine.ts';
import { startRelay } from './relay.ts';
import { run } from './run.ts';

export interface TlsEngine {
  readonly engine: LabEngine;
  /** `tcp://127.0.0.1:PORT`; the engine also listens on its socket, for the lab. */
  readonly tcpHost: string;
  readonly port: number;
  /** With `ca.pem`, `cert.pem` and `key.pem`, as DOCKER_CERT_PATH and a context's TLS folder have them. */
  readonly certificates: string;
  /** The same files of a client that another authority signed: the engine refuses it, and it the engine. */
  readonly strangerCertificates: string;
  dispose(): void;
}

/** An engine with `--tlsverify`, reached over TCP on this machine's loopback. Authority, server and client are made for the run. */
export async function startTlsEngine(options: LabOptions): Promise<TlsEngine> {
  const engine = await makeEngine({
    ...options,
    dockerdArgs: ['--host', 'tcp://127.0.0.1:2376', ...(options.dockerdArgs ?? [])],
  });
  try {
    const own = join(engine.directory, 'tls');
    const stranger = join(engine.directory, 'tls-stranger');
    await Promise.all([makeCertificates(own), makeCertificates(stranger)]);
    const settings = {
      tlsverify: true,
      tlscacert: join(own, 'ca.pem'),
      tlscert: join(own, 'server-cert.pem'),
      tlskey: join(own, 'server-key.pem'),
    };
    writeFileSync(join(engine.directory, 'daemon.json'), JSON.stringify(settings));
    await engine.start();
    const relay = await startRelay(engine, '127.0.0.1', 2376);
    return {
      engine,
      tcpHost: `tcp://127.0.0.1:${relay.port}`,
      port: relay.port,
      certificates: own,
      strangerCertificates: stranger,
      dispose: () => {
        relay.close();
        engine.dispose();
      },
    };
  } catch (error) {
    engine.dispose();
    throw error;
  }
}

/** https://docs.docker.com/engine/security/protect-access/ with keys on an elliptic curve, which are made at once. */
async function makeCertificates(directory: string): Promise<void> {
  mkdirSync(directory, { mode: 0o700 });
  const at = (name: string): string => join(directory, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  // prettier-ignore
  await run([
    'openssl', 'req', '-x509', ...key, '-days', '2', '-subj', '/CN=dne lab authority',
    '-keyout', at('ca-key.pem'), '-out', at('ca.pem'),
  ]);
  const sign = async (name: string, subject: string, extensions: string): Promise<void> => {
    writeFileSync(at(`${name}ext`), extensions);
    // prettier-ignore
    await run(['openssl', 'req', ...key, '-subj', `/CN=${subject}`, '-keyout', at(`${name}key.pem`), '-out', at(`${name}csr`)]);
    // prettier-ignore
    await run([
      'openssl', 'x509', '-req', '-days', '2', '-in', at(`${name}csr`), '-extfile', at(`${name}ext`),
      '-CA', at('ca.pem'), '-CAkey', at('ca-key.pem'), '-CAcreateserial', '-out', at(`${name}cert.pem`),
    ]);
  };
  await sign('server-', 'dne lab engine', 'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n');
  await sign('', 'dne lab client', 'extendedKeyUsage=clientAuth\n');
}
