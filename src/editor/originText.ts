import { l10n } from 'vscode';
import type { LinkOrigin, RemoteSubnet, WeavePart } from '../topology/linkOrigin.ts';
import { listText } from './listText.ts';
import { visible } from './untrusted.ts';

/** Whose a link is, in some words for its row; undefined where its network says it already. */
export function originWords(origin: LinkOrigin | undefined): string | undefined {
  switch (origin?.kind) {
    case undefined:
    case 'docker':
      return undefined;
    case 'flannel':
      if (origin.backend === 'host-gw') return l10n.t('flannel (host-gw)');
      return origin.remote.length === 1
        ? l10n.t('flannel, 1 remote subnet')
        : l10n.t('flannel, {0} remote subnets', origin.remote.length);
    case 'weave':
      return 'weave';
    case 'other':
      return origin.program === 'docker' ? l10n.t('of another engine') : l10n.t('of {0}', origin.program);
    case 'notDocker':
      return l10n.t("not Docker's");
  }
}

/** One sentence that explains it; `remoteSentence` has the subnets. */
export function originSentence(origin: LinkOrigin | undefined): string | undefined {
  switch (origin?.kind) {
    case undefined:
    case 'docker':
      return undefined;
    case 'flannel':
      return origin.backend === 'vxlan'
        ? l10n.t(
            'flannel makes an overlay of it: what leaves for the subnet of another machine is wrapped into UDP (VXLAN) here.',
          )
        : l10n.t(
            'flannel (host-gw) routes the subnets of other machines over this link as they are, without a tunnel: an underlay.',
          );
    case 'weave':
      return weaveSentence(origin.part);
    case 'other':
      return origin.program === 'docker'
        ? l10n.t(
            'It has the name of a Docker bridge, but no network of this engine is on it: another engine made it, or one that is gone.',
          )
        : l10n.t(
            '{0} makes a bridge of this name for its own machines or containers. It is not Docker’s.',
            origin.program,
          );
    case 'notDocker':
      return l10n.t('No network of this engine is on this bridge: it is not Docker’s.');
  }
}

function weaveSentence(part: WeavePart): string {
  switch (part) {
    case 'bridge':
      return l10n.t(
        'weave plugs containers of all machines into bridges of this name and joins these: an overlay of its own beside Docker’s networks.',
      );
    case 'sleeve':
      return l10n.t(
        'weave plugs its containers into this bridge, takes their frames itself and sends them to other machines over UDP port 6783 (sleeve): an overlay of its own beside Docker’s networks.',
      );
    case 'datapath':
      return l10n.t(
        'weave’s Open vSwitch datapath: it carries frames between this machine’s bridge and the tunnels to other machines.',
      );
    case 'tunnel':
      return l10n.t('weave’s tunnel to other machines: VXLAN over UDP port 6784.');
    case 'port':
      return l10n.t('weave made this veth: it leads from weave’s bridge to a container or to its datapath.');
  }
}

/** Subnets of other machines, each with the machine; undefined for links that flannel has nothing to do with. */
export function remoteSentence(origin: LinkOrigin | undefined): string | undefined {
  const remote = remoteTexts(origin);
  if (remote === undefined) return undefined;
  const shown = remote.slice(0, 8).map(({ subnet, machine }) => `${subnet} ${machine}`);
  if (remote.length > shown.length) shown.push('…');
  return l10n.t('Subnets of other machines: {0}.', shown.length === 0 ? l10n.t('none yet') : listText(shown));
}

/** The same one by one. */
export function remoteTexts(
  origin: LinkOrigin | undefined,
): readonly { readonly subnet: string; readonly machine: string }[] | undefined {
  if (origin?.kind !== 'flannel') return undefined;
  return origin.remote.map(({ destination, gateway, vtep }) => ({
    subnet: visible(destination, 60),
    machine:
      vtep !== undefined
        ? l10n.t('on {0} (VTEP)', visible(vtep, 60))
        : origin.backend === 'host-gw'
          ? l10n.t('on {0}', visible(gateway, 60))
          : l10n.t('by way of {0}', visible(gateway, 60)),
  }));
}

/** Static routes to subnets behind other machines: flannel's host-gw backend makes such, and who else does is not known. */
export function underlaySentence(remote: readonly RemoteSubnet[]): string | undefined {
  if (remote.length === 0) return undefined;
  const shown = remote
    .slice(0, 8)
    .map(({ destination, gateway }) => `${visible(destination, 60)} → ${visible(gateway, 60)}`);
  if (remote.length > shown.length) shown.push('…');
  return l10n.t(
    'Subnets of other machines are routed over this link without a tunnel, as flannel’s host-gw does (an underlay): {0}.',
    listText(shown),
  );
}
