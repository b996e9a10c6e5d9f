import type { Confidence, Container, Network, Link, Wire } from '../topology/model.ts';
import type { Icon } from './row.ts';

export function networkIcon(network: Network): Icon {
  switch (network.driver) {
    case 'bridge':
      return { id: 'type-hierarchy' };
    case 'host':
      return { id: 'vm' };
    case 'null':
      return { id: 'circle-slash' };
    case 'overlay':
      return { id: 'globe' };
    case 'macvlan':
    case 'ipvlan':
      return { id: 'git-branch' };
    default:
      return { id: 'extensions' };
  }
}

export function containerIcon(container: Container): Icon {
  switch (container.state) {
    case 'running':
      return { id: 'vm-running', color: 'charts.green' };
    case 'paused':
      return { id: 'debug-pause', color: 'charts.yellow' };
    case 'restarting':
      return { id: 'sync', color: 'charts.yellow' };
    case 'dead':
      return { id: 'error', color: 'list.errorForeground' };
    case 'created':
    case 'removing':
    case 'exited':
    case 'unknown':
      return { id: 'vm-outline', color: 'disabledForeground' };
  }
}

/** An endpoint's plug takes its colour from how sure its wire is. */
export function endpointIcon(running: boolean, wire: Wire | undefined): Icon {
  if (!running) return { id: 'debug-disconnect', color: 'disabledForeground' };
  return wire === undefined ? { id: 'plug' } : { id: 'plug', color: confidenceColor[wire.confidence] };
}

export const confidenceColor: Readonly<Record<Confidence, string>> = {
  exact: 'charts.green',
  likely: 'charts.yellow',
  unknown: 'disabledForeground',
};

export function linkIcon(link: Link): Icon {
  switch (link.kind) {
    case 'bridge':
      return { id: 'type-hierarchy' };
    case 'veth':
      return { id: 'plug' };
    case 'physical':
    case 'bond':
      return { id: 'circuit-board' };
    case 'vxlan':
    case 'tunnel':
    case 'tun':
    case 'wireguard':
      return { id: 'globe' };
    case 'macvlan':
    case 'macvtap':
    case 'ipvlan':
    case 'vlan':
      return { id: 'git-branch' };
    case 'loopback':
      return { id: 'refresh' };
    case 'dummy':
    case 'other':
      return { id: 'circle-outline' };
  }
}
