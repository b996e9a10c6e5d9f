import { l10n } from 'vscode';
import { otherHosts, sandboxOf, tunnelAddress } from '../topology/overlay.ts';
import type { Network } from '../topology/model.ts';
import type { Lookup } from './lookup.ts';
import { listText } from './listText.ts';
import { firstOf, visible } from './untrusted.ts';

/** How frames of an overlay network get from host to host; undefined for all other networks. Plain text. */
export function overlaySentence({ snapshot, kernel }: Lookup, network: Network): string | undefined {
  if (network.overlay === undefined) return undefined;
  const sandbox = sandboxOf(kernel, network.id);
  const port = sandbox?.links.find(({ vxlan }) => vxlan?.port !== undefined)?.vxlan?.port ?? 4789;
  const hosts = otherHosts(network, snapshot);
  const own = tunnelAddress(snapshot.engine);
  const { shown, left } = firstOf([...(own === undefined ? [] : [own]), ...hosts], 8);
  const names = shown.map((host) => visible(host, 60));
  if (left > 0) names.push('…');
  const way =
    hosts.length === 0
      ? l10n.t('What goes to a container on another host is wrapped into UDP (VXLAN, port {0}).', String(port))
      : l10n.t(
          'What goes to a container on another host is wrapped into UDP (VXLAN, port {0}) between the hosts {1}.',
          String(port),
          listText(names),
        );
  const secrecy = network.overlay.encrypted
    ? l10n.t('It is encrypted on its way (IPsec).')
    : l10n.t('It is not encrypted on its way.');
  return `${way} ${secrecy}`;
}

/** Where a container of another host is. */
export function remoteHostText(host: string | undefined): string {
  return host === undefined || host === ''
    ? l10n.t('on another host')
    : l10n.t('on another host ({0})', visible(host, 60));
}

/** Where a task is, as seen from this engine. */
export function taskHostText({ snapshot }: Lookup, host: string): string {
  const own = tunnelAddress(snapshot.engine);
  if (own === undefined) return visible(host, 60);
  return host === own ? l10n.t('on this host') : remoteHostText(host);
}

/** A swarm writes the address that it chose as if a person had fixed it, while the container runs. */
export function tellsFixed(network: Network | undefined): boolean {
  return network?.scope !== 'swarm';
}

export function vniText(network: Network): string | undefined {
  const vnis = network.overlay?.vnis ?? [];
  return vnis.length === 0 ? undefined : `VNI ${vnis.slice(0, 8).join(' ')}`;
}
