import type { Container, Network } from '../../src/topology/model.ts';
import type { InspectedContainer, InspectedNetwork } from '../lab/inspect.ts';

/** One set of facts, told by the product's model and by `docker inspect`: a test holds both against each other. */
interface EndpointFacts {
  readonly network: string;
  readonly networkId: string;
  readonly endpointId: string;
  readonly ipv4: string;
  readonly gateway: string;
  readonly ipv6: string;
  readonly mac: string;
  readonly fixedIpv4: string;
  readonly aliases: readonly string[];
  readonly dnsNames: readonly string[];
  /** `target:alias`. */
  readonly links: readonly string[];
}

export interface ContainerFacts {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly state: string;
  readonly pid: number;
  /** As `HostConfig.NetworkMode` spells it. */
  readonly mode: string;
  readonly hostname: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly dns: readonly string[];
  readonly sandboxKey: string;
  readonly links: readonly string[];
  /** `0.0.0.0:8080->80/tcp` for a published port, `80/tcp` for one that is only exposed. */
  readonly ports: readonly string[];
  readonly endpoints: readonly EndpointFacts[];
}

export function factsOfContainer(container: Container): ContainerFacts {
  const { mode } = container;
  return {
    id: container.id,
    name: container.name,
    image: container.image,
    state: container.state,
    pid: container.pid,
    mode: mode.kind === 'network' ? mode.network : mode.kind === 'container' ? `container:${mode.ownerId}` : mode.kind,
    hostname: container.hostname ?? '',
    labels: container.labels,
    dns: container.dnsServers,
    sandboxKey: container.sandboxKey ?? '',
    links: container.links.map(({ target, alias }) => `${target}:${alias}`).sort(),
    ports: container.ports
      .map(({ containerPort, protocol, hostIp, hostPort }) =>
        hostPort === undefined
          ? `${containerPort}/${protocol}`
          : `${hostIp ?? ''}:${hostPort}->${containerPort}/${protocol}`,
      )
      .sort(),
    endpoints: container.endpoints
      .map((seat) => ({
        network: seat.networkName,
        networkId: seat.networkId,
        endpointId: seat.endpointId,
        ipv4: seat.ipv4 === undefined ? '' : `${seat.ipv4}/${seat.ipv4PrefixLength}`,
        gateway: seat.gateway ?? '',
        ipv6: seat.ipv6 === undefined ? '' : `${seat.ipv6}/${seat.ipv6PrefixLength}`,
        mac: seat.mac ?? '',
        fixedIpv4: seat.fixedIpv4 ?? '',
        aliases: [...seat.aliases].sort(),
        dnsNames: [...seat.dnsNames].sort(),
        links: seat.links.map(({ target, alias }) => `${target}:${alias}`).sort(),
      }))
      .sort((a, b) => a.network.localeCompare(b.network)),
  };
}

/** `/test1:/test2/alias`, as the engine lists the links of the default bridge. */
function longLink(link: string): string {
  const [target = '', path = ''] = link.split(':');
  return `${target.slice(1)}:${path.split('/').at(-1) ?? ''}`;
}

export function factsOfInspectedContainer({
  Config,
  HostConfig,
  Id,
  Name,
  NetworkSettings,
  State,
}: InspectedContainer): ContainerFacts {
  const published = Object.entries(NetworkSettings.Ports ?? {}).flatMap(([port, hosts]) =>
    (hosts ?? []).map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}->${port}`),
  );
  const exposed = new Set([...Object.keys(NetworkSettings.Ports ?? {}), ...Object.keys(Config.ExposedPorts ?? {})]);
  return {
    id: Id,
    name: Name.slice(1),
    image: Config.Image,
    state: State.Status,
    pid: State.Pid,
    mode: HostConfig.NetworkMode === 'default' ? 'bridge' : HostConfig.NetworkMode,
    hostname: Config.Hostname,
    labels: Config.Labels ?? {},
    dns: HostConfig.Dns ?? [],
    sandboxKey: NetworkSettings.SandboxKey,
    links: (HostConfig.Links ?? []).map(longLink).sort(),
    ports: [...published, ...[...exposed].filter((port) => !published.some((one) => one.endsWith(`->${port}`)))].sort(),
    endpoints: Object.entries(NetworkSettings.Networks ?? {})
      .map(([network, seat]) => ({
        network,
        networkId: seat.NetworkID,
        endpointId: seat.EndpointID,
        ipv4: seat.IPAddress === '' ? '' : `${seat.IPAddress}/${seat.IPPrefixLen}`,
        gateway: seat.Gateway,
        ipv6: seat.GlobalIPv6Address === '' ? '' : `${seat.GlobalIPv6Address}/${seat.GlobalIPv6PrefixLen}`,
        mac: seat.MacAddress,
        fixedIpv4: seat.IPAMConfig?.IPv4Address ?? '',
        aliases: [...(seat.Aliases ?? [])].sort(),
        dnsNames: [...(seat.DNSNames ?? [])].sort(),
        links: [...(seat.Links ?? [])].sort(),
      }))
      .sort((a, b) => a.network.localeCompare(b.network)),
  };
}

export function factsOfNetwork(network: Network): unknown {
  const { id, name, driver, scope, internal, attachable, ingress, ipv6, options, labels, created } = network;
  const pools = network.pools.map(({ subnet, gateway, ipRange }) => ({ subnet, gateway, ipRange }));
  return { id, name, driver, scope, internal, attachable, ingress, ipv6, options, labels, created, pools };
}

export function factsOfInspectedNetwork(network: InspectedNetwork): unknown {
  return {
    id: network.Id,
    name: network.Name,
    driver: network.Driver,
    scope: network.Scope,
    internal: network.Internal,
    attachable: network.Attachable,
    ingress: network.Ingress,
    ipv6: network.EnableIPv6,
    options: network.Options ?? {},
    labels: network.Labels ?? {},
    created: network.Created,
    pools: (network.IPAM.Config ?? []).map(({ Subnet, Gateway, IPRange }) => ({
      subnet: Subnet,
      gateway: Gateway,
      ipRange: IPRange,
    })),
  };
}
