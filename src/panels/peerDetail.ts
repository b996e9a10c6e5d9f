import { l10n } from 'vscode';
import { visible } from '../editor/untrusted.ts';
import type { Detail } from '../protocol/messages.ts';
import { otherHosts, remoteEndpoints } from '../topology/overlay.ts';
import { codeRow, row, section, targetOf, type DetailContext } from './detailParts.ts';

/** Another host of overlay networks: which they are, and what is known to be there. `host` is empty where nobody names it. */
export function peerDetail(context: DetailContext, id: string, host: string): Detail {
  const { snapshot } = context.lookup;
  const networks = snapshot.networks
    .map((network) => ({
      network,
      endpoints: remoteEndpoints(network, snapshot).filter((endpoint) => (endpoint.host ?? '') === host),
    }))
    .filter(({ network, endpoints }) => endpoints.length > 0 || otherHosts(network, snapshot).includes(host));
  return {
    id,
    title: host === '' ? l10n.t('Another host') : visible(host),
    subtitle: host === '' ? l10n.t('Which one, the engine does not tell') : l10n.t('another host'),
    sections: [
      ...section(
        l10n.t('Networks'),
        networks.flatMap(({ network }) =>
          row(network.name, network.overlay?.vnis.map((vni) => `VNI ${vni}`).join(' ') || network.driver, {
            ...targetOf(context, { kind: 'network', networkId: network.id }),
          }),
        ),
      ),
      ...section(
        l10n.t('Containers of other hosts'),
        networks.flatMap(({ network, endpoints }) =>
          endpoints.flatMap(({ name, endpointId, ipv4 = '' }) =>
            codeRow(name === '' ? endpointId.slice(0, 12) : name, [ipv4, network.name].filter(Boolean).join(' · ')),
          ),
        ),
      ),
    ],
  };
}
