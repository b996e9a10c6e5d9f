import { l10n } from 'vscode';
import type { Link } from '../topology/model.ts';

/** What a link is: the kernel's word where it is one, else in the person's language. */
export function kindText(link: Link): string {
  switch (link.kind) {
    case 'bridge':
      return l10n.t('bridge');
    case 'physical':
      return l10n.t('physical');
    case 'loopback':
      return l10n.t('loopback');
    case 'tunnel':
      return l10n.t('tunnel');
    case 'other':
      return l10n.t('link');
    case 'veth':
    case 'vxlan':
    case 'vlan':
    case 'macvlan':
    case 'macvtap':
    case 'ipvlan':
    case 'bond':
    case 'tun':
    case 'wireguard':
    case 'dummy':
      return link.kind;
  }
}
