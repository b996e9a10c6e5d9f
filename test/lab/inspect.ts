import type { LabEngine } from './labEngine.ts';

/** The parts of `docker inspect` that tests hold the product against. The engine's own field names. */
interface InspectedEndpoint {
  readonly NetworkID: string;
  readonly EndpointID: string;
  readonly IPAddress: string;
  readonly IPPrefixLen: number;
  readonly Gateway: string;
  readonly GlobalIPv6Address: string;
  readonly GlobalIPv6PrefixLen: number;
  readonly MacAddress: string;
  readonly Aliases: readonly string[] | null;
  readonly DNSNames?: readonly string[] | null;
  readonly Links: readonly string[] | null;
  readonly IPAMConfig: { readonly IPv4Address?: string } | null;
}

export interface InspectedContainer {
  readonly Id: string;
  readonly Name: string;
  readonly State: { readonly Status: string; readonly Pid: number };
  readonly Config: {
    readonly Image: string;
    readonly Hostname: string;
    readonly Labels: Readonly<Record<string, string>> | null;
    readonly ExposedPorts?: Readonly<Record<string, unknown>> | null;
  };
  readonly HostConfig: {
    readonly NetworkMode: string;
    readonly Links: readonly string[] | null;
    readonly Dns: readonly string[] | null;
  };
  readonly NetworkSettings: {
    readonly SandboxKey: string;
    readonly Ports: Readonly<
      Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>
    > | null;
    readonly Networks: Readonly<Record<string, InspectedEndpoint>> | null;
  };
}

export interface InspectedNetwork {
  readonly Id: string;
  readonly Name: string;
  readonly Driver: string;
  readonly Scope: string;
  readonly Internal: boolean;
  readonly Attachable: boolean;
  readonly Ingress: boolean;
  readonly EnableIPv6: boolean;
  readonly Created: string;
  readonly IPAM: {
    readonly Config:
      readonly { readonly Subnet: string; readonly Gateway?: string; readonly IPRange?: string }[] | null;
  };
  readonly Options: Readonly<Record<string, string>> | null;
  readonly Labels: Readonly<Record<string, string>> | null;
  /** Of running ones on this engine, and of some that are none (`lb-demo`, `ingress-sbox`, `ep-…`). */
  readonly Containers: Readonly<
    Record<string, { readonly Name: string; readonly MacAddress: string; readonly IPv4Address: string }>
  > | null;
}

interface Listed {
  readonly Id: string;
}

/** What `docker inspect` tells of every container, stopped ones too. */
export async function inspectContainers(engine: Pick<LabEngine, 'api'>): Promise<readonly InspectedContainer[]> {
  const all = (await engine.api('/containers/json?all=1')) as readonly Listed[];
  return Promise.all(all.map(async ({ Id }) => (await engine.api(`/containers/${Id}/json`)) as InspectedContainer));
}

/** What `docker network inspect` tells of every network. */
export async function inspectNetworks(engine: Pick<LabEngine, 'api'>): Promise<readonly InspectedNetwork[]> {
  const all = (await engine.api('/networks')) as readonly Listed[];
  return Promise.all(all.map(async ({ Id }) => (await engine.api(`/networks/${Id}`)) as InspectedNetwork));
}
