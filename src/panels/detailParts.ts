import { env, l10n } from 'vscode';
import { confidenceText, evidenceText } from '../editor/evidenceText.ts';
import { kindText } from '../editor/linkKindText.ts';
import type { Lookup } from '../editor/lookup.ts';
import type { Subject } from '../editor/subject.ts';
import { firstOf, visible } from '../editor/untrusted.ts';
import type { DetailRow, DetailSection } from '../protocol/messages.ts';
import { elementOf } from '../topology/graphElements.ts';
import type { Graph, HostId } from '../topology/graphModel.ts';
import type { RemoteSeat } from '../topology/joinHosts.ts';
import type { Link, LinkAddress, LinkCounters, Route, Wire } from '../topology/model.ts';

/** What cards are made of. All text that is not ours went through `visible` when a row is made of it. */
export interface DetailContext {
  readonly lookup: Lookup;
  readonly graph: Graph;
  /** Of the lookup, in a graph of several engines. */
  readonly engine?: HostId;
  /** Endpoint id of a seat on another host → the container that has it, where its engine is shown too. */
  readonly remoteSeats?: ReadonlyMap<string, RemoteSeat>;
}

/** Rows of one section, the longest there is: a list of a thousand is no card. */
const mostRows = 50;

/** A row, or none where there is no value. */
export function row(
  label: string,
  value: string | number | undefined,
  more: Pick<DetailRow, 'code' | 'target'> = {},
): DetailRow[] {
  if (value === undefined || value === '') return [];
  return [{ label: visible(label), value: visible(String(value), 400), ...more }];
}

/** The same in the font of code. */
export function codeRow(label: string, value: string | number | undefined, target?: string): DetailRow[] {
  return row(label, value, { code: true, ...(target === undefined ? {} : { target }) });
}

export function listRow(label: string, values: readonly string[], code = true): DetailRow[] {
  const { shown, left } = firstOf(values, 20);
  const list = shown.map((value) => visible(value, 100)).join(', ');
  return row(label, left === 0 ? list : l10n.t('{0} and {1} more', list, left), code ? { code } : {});
}

/** A section, or none where it has no rows. */
export function section(title: string, rows: readonly DetailRow[]): DetailSection[] {
  if (rows.length === 0) return [];
  const { shown, left } = firstOf(rows, mostRows);
  return [
    {
      title: visible(title),
      rows: left === 0 ? shown : [...shown, { label: '', value: l10n.t('… and {0} more', left) }],
    },
  ];
}

/** The element that a click on a row selects. */
export function targetOf({ graph, engine }: DetailContext, subject: Subject): Pick<DetailRow, 'target'> {
  const target = elementOf(graph, engine === undefined ? subject : { ...subject, engine });
  return target === undefined ? {} : { target };
}

export function yesNo(flag: boolean): string {
  return flag ? l10n.t('yes') : l10n.t('no');
}

export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const format = new Intl.NumberFormat(env.language, { maximumFractionDigits: power === 0 ? 0 : 1 });
  return `${format.format(value)} ${units[power] ?? 'B'}`;
}

/** Since the link was made, from its own side. */
function counterRows(counters: LinkCounters | undefined): DetailRow[] {
  if (counters === undefined) return [];
  const format = new Intl.NumberFormat(env.language);
  const text = (bytes: number, packets: number): string =>
    l10n.t('{0} in {1} packets', bytesText(bytes), format.format(packets));
  return [
    ...row(l10n.t('Received'), text(counters.rxBytes, counters.rxPackets)),
    ...row(l10n.t('Sent'), text(counters.txBytes, counters.txPackets)),
  ];
}

export function addressText({ address, prefixLength }: LinkAddress): string {
  return `${address}/${prefixLength}`;
}

/** What the kernel says of any link, in one namespace or another. */
export function linkRows(link: Link): DetailRow[] {
  return [
    ...row(l10n.t('Kind'), kindText(link)),
    ...codeRow('ifindex', link.ifindex),
    ...(link.iflink === link.ifindex ? [] : codeRow(l10n.t('Peer or lower link (iflink)'), link.iflink)),
    ...row(l10n.t('State'), link.operState),
    ...codeRow(l10n.t('MAC'), link.mac),
    ...codeRow('MTU', link.mtu),
    ...listRow(l10n.t('Addresses'), link.addresses.map(addressText)),
    ...codeRow('VNI', link.vxlan?.vni),
    ...codeRow(l10n.t('VTEP'), link.vxlan?.local),
    ...codeRow(l10n.t('UDP port'), link.vxlan?.port),
    ...codeRow('VLAN', link.vlanId),
    ...row(l10n.t('Mode'), link.mode),
    ...counterRows(link.counters),
  ];
}

/** How the wire was found, strongest reason first, as sentences. */
export function evidenceRows(wire: Wire): DetailRow[] {
  const plain = (name: string): string => visible(name, 80);
  return [
    ...row(l10n.t('Confidence'), confidenceText(wire.confidence)),
    ...listRow(l10n.t('Candidates'), wire.candidates),
    ...wire.evidence
      .slice(0, 20)
      .flatMap((one, position) => row(position === 0 ? l10n.t('Evidence') : '', evidenceText(one, plain))),
  ];
}

export function routeRows(routes: readonly Route[]): DetailRow[] {
  return routes.flatMap(({ destination, gateway, link, metric }) => {
    const via = gateway === undefined ? '' : `via ${visible(gateway, 60)} `;
    return codeRow(destination, `${via}dev ${visible(link, 40)}${metric === 0 ? '' : ` metric ${metric}`}`);
  });
}
