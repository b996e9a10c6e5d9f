import { isBuiltIn } from '../topology/builtIn.ts';
import { isRunning, type Container, type Endpoint, type Network } from '../topology/model.ts';

/** `can:…` of the commands that change an engine, or look into a container: what package.json offers on which row. */

/** What can be done with a recording, beside looking at it. */
const reading = /^can:(inspect|copy|reveal|show|disconnectEngine|refreshEngine)/;

/** Of the words of a row or an element those that change no engine. */
export function readingTokens(tokens: readonly string[]): readonly string[] {
  return tokens.filter((token) => !token.startsWith('can:') || reading.test(token));
}

/** @param reachable whether it has a temporary forward */
export function containerChanges(container: Container, reachable: boolean): string[] {
  const { state, mode, ports } = container;
  const alive = isRunning(container) || state === 'restarting';
  const published = ports.filter(({ hostPort }) => hostPort !== undefined);
  const seated = mode.kind === 'bridge' || mode.kind === 'network';
  return [
    ...['can:tailLogs', 'can:renameContainer', 'can:removeContainer'],
    ...(alive ? ['can:stopContainer', 'can:restartContainer'] : ['can:startContainer']),
    ...(state === 'running' ? ['can:pauseContainer', 'can:openShell', 'can:openNetworkShell'] : []),
    ...(state === 'paused' ? ['can:unpauseContainer'] : []),
    ...(mode.kind === 'host' || mode.kind === 'container' ? [] : ['can:connect']),
    ...(seated || alive ? ['can:publishPort'] : []),
    ...(published.length > 0 || reachable ? ['can:unpublishPort'] : []),
    ...(published.some(({ protocol }) => protocol === 'tcp') || reachable ? ['can:openInBrowser'] : []),
  ];
}

/** A seat: those of its container that are about its network, and its own. */
export function endpointChanges(container: Container, endpoint: Endpoint, network: Network | undefined): string[] {
  const published =
    endpoint.ipv4 !== undefined &&
    container.ports.some(({ hostPort, protocol }) => hostPort !== undefined && protocol === 'tcp');
  return [
    'can:tailLogs',
    ...(container.state === 'running' ? ['can:openShell', 'can:openNetworkShell'] : []),
    ...(published ? ['can:openInBrowser'] : []),
    ...(network === undefined || network.driver === 'host' ? [] : ['can:disconnect']),
    ...(network === undefined || network.driver === 'host' || network.driver === 'null' ? [] : ['can:editEndpoint']),
  ];
}

export function networkChanges(network: Network, seats: number): string[] {
  const { driver } = network;
  return [
    'can:runOn',
    ...(driver === 'host' || driver === 'null' || network.ingress ? [] : ['can:connectTo']),
    ...(['bridge', 'macvlan', 'ipvlan', 'overlay'].includes(driver) && !network.ingress
      ? ['can:duplicateNetwork']
      : []),
    ...(isBuiltIn(network) ? [] : ['can:removeNetwork']),
    ...(seats > 0 ? ['can:tailNetworkLogs'] : []),
  ];
}
