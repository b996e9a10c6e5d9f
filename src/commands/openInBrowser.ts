import { Uri, env, l10n, window } from 'vscode';
import type { CurrentSession } from '../editor/currentSession.ts';
import type { Forward, Forwards, ForwardTarget } from '../forwards/forwards.ts';
import type { Container } from '../topology/model.ts';
import type { Acting } from './act.ts';
import { chooseContainers, subjectsOf } from './chosen.ts';
import { pick } from './pick.ts';
import { freshLookup } from './snapshot.ts';

interface Place {
  readonly address: string;
  readonly port: number;
  readonly containerPort: number;
}

interface BrowserDeps {
  readonly current: CurrentSession;
  readonly acting: Acting;
  readonly forwards: Forwards;
}

/** Through the editor's own port forwarding where the window is remote. */
export async function openInBrowser({ current, acting, forwards }: BrowserDeps, argument: unknown): Promise<void> {
  const host = hostOf(acting.session().engine.connection.endpoint);
  const lookup = await freshLookup(current);
  const [subject] = subjectsOf(argument, undefined);
  const placeHolder = l10n.t('Open a port of which container?');
  const temporary = (container: Container): readonly Forward[] =>
    forwardsOf(forwards, { engine: acting.key, containerId: container.id });
  const fits = (container: Container): boolean => publishedOf(container).length + temporary(container).length > 0;
  const [container] = await chooseContainers(lookup, subject === undefined ? [] : [subject], placeHolder, fits);
  if (container === undefined) {
    void window.showInformationMessage(l10n.t('It publishes no TCP port.'));
    return;
  }
  const port = subject?.kind === 'container' ? subject.port?.containerPort : undefined;
  const wanted = [
    ...placesOf(container, host),
    ...temporary(container).map(({ localPort, containerPort }) => ({
      address: loopback,
      port: localPort,
      containerPort,
    })),
  ].filter(({ containerPort }) => port === undefined || containerPort === port);
  if (wanted.length === 0) {
    void window.showInformationMessage(
      publishedOf(container).some(({ containerPort }) => port === undefined || containerPort === port)
        ? l10n.t(
            'It is published for the engine’s own machine only, which is not this one: publish it on another address, or open a window on that machine.',
          )
        : l10n.t('It publishes no TCP port.'),
    );
    return;
  }
  const unique = [...new Map(wanted.map((place) => [`${place.address} ${place.port}`, place])).values()];
  const chosen = unique.length === 1 ? unique[0] : await choose(unique);
  if (chosen !== undefined) await openUrl(chosen.address, chosen.port);
}

function choose(places: readonly Place[]): Promise<Place | undefined> {
  const choices = places.map((place) => ({
    label: `${place.address}:${place.port}`,
    description: `${place.containerPort}/tcp`,
    value: place,
  }));
  return pick([['', choices]], l10n.t('Open which one?'));
}

/** The temporary ones to a container. */
export function forwardsOf(forwards: Forwards, { engine, containerId }: ForwardTarget): readonly Forward[] {
  return forwards.list().filter((forward) => forward.engine === engine && forward.containerId === containerId);
}

const loopback = '127.0.0.1';

/**
 * Where a browser finds the engine's published ports: the host of its address, as a URL has it. A socket, a pipe and a
 * port of this machine lead to an engine whose ports are on this machine, Docker Desktop's too.
 */
export function hostOf(endpoint: string): string {
  if (!/^(tcp|https?|ssh):/.test(endpoint) || !URL.canParse(endpoint)) return loopback;
  const { hostname } = new URL(endpoint);
  return hostname === '' || isEverywhere(hostname) || isLoopback(hostname) ? loopback : hostname;
}

/** Where a container's published TCP ports are found from here; what only the engine's own machine reaches is not among them. */
export function placesOf(container: Container, host: string): readonly Place[] {
  return publishedOf(container).flatMap(({ hostIp = '', hostPort, containerPort }) => {
    const isElsewhere = host !== loopback;
    if (isElsewhere && isLoopback(hostIp)) return [];
    const own = hostIp.includes(':') ? `[${hostIp}]` : hostIp;
    return [{ address: isEverywhere(hostIp) ? host : own, port: hostPort, containerPort }];
  });
}

function publishedOf({ ports }: Container) {
  return ports.flatMap((port) =>
    port.hostPort === undefined || port.protocol !== 'tcp' ? [] : [{ ...port, hostPort: port.hostPort }],
  );
}

/** `0.0.0.0` and `::` are no addresses to go to. */
function isEverywhere(address: string): boolean {
  return ['', '0.0.0.0', '::', '[::]'].includes(address);
}

function isLoopback(address: string): boolean {
  return /^127\.|^localhost$|^\[?::1\]?$/i.test(address);
}

export async function openUrl(address: string, port: number): Promise<void> {
  const scheme = port === 443 || port === 8443 ? 'https' : 'http';
  await env.openExternal(await env.asExternalUri(Uri.parse(`${scheme}://${address}:${port}/`, true)));
}
