import type { EngineConnection } from '../engine.ts';

/** One engine and how to get there: what `connections.ts` resolves and `dockerodeEngine.ts` opens. */
export interface DockerTarget {
  readonly connection: EngineConnection;
  readonly transport: DockerTransport;
  /** What the connection setting says to come here again: an address, or `context:NAME`. */
  readonly setting: string;
  /** Path of the Unix socket, where that is the way: the engine may then be on this kernel. */
  readonly socketPath?: string;
}

export type DockerTransport =
  /** A Unix socket, or a Windows named pipe (`//./pipe/docker_engine`). */
  | { readonly kind: 'socket'; readonly path: string }
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      /** Without a slash at its end; empty in nearly all cases. */
      readonly basePath: string;
      readonly tls?: TlsMaterial;
    }
  | { readonly kind: 'ssh'; readonly destination: SshDestination };

/** `ssh://user@host:port/path`; what is absent is the business of the person's ssh configuration. */
export interface SshDestination {
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
  /** Of the engine on the other machine; absent: what the docker command there takes. */
  readonly socketPath?: string;
}

/** PEM texts. Never logged. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** False where the person said that the engine's certificate is not to be checked. */
  readonly verify: boolean;
}

/** Lines for the log channel; English. */
export interface EngineLog {
  info(message: string): void;
  warn(message: string): void;
}
