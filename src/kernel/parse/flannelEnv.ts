import { isIP, isIPv4 } from 'node:net';
import type { FlannelEnv } from '../../topology/model.ts';
import { decimal } from './number.ts';

/** flanneld writes one of each, and in some versions a list. */
const mostInList = 16;

/**
 * `/run/flannel/subnet.env`: lines of `FLANNEL_NAME=value`. Undefined where no line tells this host's subnet.
 * Source: WriteSubnetFile, pkg/subnet/subnet.go of flannel.
 */
export function parseFlannelEnv(text: string): FlannelEnv | undefined {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^FLANNEL_([A-Z0-9_]{1,40})=(.{0,1000})$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) values.set(name, value.trimEnd());
  }
  const cidrs = (...names: readonly string[]): string[] =>
    names.flatMap((name) => (values.get(name) ?? '').split(',').filter(isCidr).slice(0, mostInList));
  const subnets = cidrs('SUBNET', 'IPV6_SUBNET');
  if (subnets.length === 0) return undefined;
  const mtu = decimal(values.get('MTU'));
  const ipMasq = { true: true, false: false }[values.get('IPMASQ') ?? ''];
  return {
    networks: cidrs('NETWORK', 'IPV6_NETWORK'),
    subnets,
    ...(mtu === undefined || mtu === 0 ? {} : { mtu }),
    ...(ipMasq === undefined ? {} : { ipMasq }),
  };
}

function isCidr(text: string): boolean {
  const [address = '', prefix = '', ...rest] = text.split('/');
  const most = isIPv4(address) ? 32 : 128;
  return isIP(address) !== 0 && rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= most;
}
