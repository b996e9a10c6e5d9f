import { QuickPickItemKind, ThemeIcon, l10n, window, type QuickPickItem } from 'vscode';
import { byName, type Lookup, type Seat } from '../editor/lookup.ts';
import { stateText } from '../editor/stateText.ts';
import type { Subject } from '../editor/subject.ts';
import { withoutIcons } from '../editor/untrusted.ts';
import { endpointKey, type Container, type Link, type Network } from '../topology/model.ts';

/** Quick picks of real objects, for commands that were called without one. Undefined where the person left. */

interface Item<T> extends QuickPickItem {
  readonly value?: T;
}

export type Choice<T> = Omit<QuickPickItem, 'label'> & { readonly label: string; readonly value: T };

export async function pick<T>(
  groups: readonly (readonly [title: string, choices: readonly Choice<T>[]])[],
  placeHolder: string,
): Promise<T | undefined> {
  const items: Item<T>[] = groups
    .filter(([, choices]) => choices.length > 0)
    .flatMap(([label, choices]) => [{ label, kind: QuickPickItemKind.Separator }, ...choices]);
  if (items.length === 0) {
    void window.showInformationMessage(l10n.t('There is nothing to choose from on this engine.'));
    return undefined;
  }
  const options = { placeHolder, matchOnDescription: true, matchOnDetail: true };
  return (await window.showQuickPick(items, options))?.value;
}

export function networkChoices(lookup: Lookup): Choice<Subject>[] {
  return [...lookup.networks.values()].sort(byName).map((network) => ({
    label: withoutIcons(network.name, 80),
    description: withoutIcons(networkHint(lookup, network), 120),
    iconPath: new ThemeIcon('type-hierarchy'),
    value: { kind: 'network', networkId: network.id },
  }));
}

function networkHint({ ambiguousNames }: Lookup, network: Network): string {
  const parts = [network.driver, ...network.pools.map((pool) => pool.subnet)];
  return (ambiguousNames.has(network.name) ? [...parts, network.id.slice(0, 12)] : parts).join(' · ');
}

export function containerChoices(lookup: Lookup): Choice<Subject>[] {
  return [...lookup.containers.values()].sort(byName).map((container) => ({
    label: withoutIcons(container.name, 80),
    description: withoutIcons(containerHint(container), 120),
    iconPath: new ThemeIcon('vm'),
    value: { kind: 'container', containerId: container.id },
  }));
}

function containerHint(container: Container): string {
  const addresses = container.endpoints.flatMap(({ ipv4, ipv6 }) => ipv4 ?? ipv6 ?? []);
  const state = container.state === 'running' ? [] : [stateText(container)];
  return [container.image, ...addresses.slice(0, 4), ...state].join(' · ');
}

export function endpointChoices(lookup: Lookup, seats: readonly Seat[] = allSeats(lookup)): Choice<Subject>[] {
  return seats.map(({ container, endpoint }) => {
    const wire = lookup.wires.get(endpointKey(endpoint.containerId, endpoint.networkId));
    const hint = [
      lookup.networks.get(endpoint.networkId)?.name ?? endpoint.networkName,
      endpoint.ipv4 ?? endpoint.ipv6,
    ];
    return {
      label: withoutIcons(container.name, 80),
      description: withoutIcons([...hint, wire?.hostLink?.name].filter((part) => part !== undefined).join(' · '), 160),
      iconPath: new ThemeIcon('plug'),
      value: { kind: 'endpoint', containerId: endpoint.containerId, networkId: endpoint.networkId },
    };
  });
}

function allSeats(lookup: Lookup): readonly Seat[] {
  return [...lookup.networks.values()].sort(byName).flatMap((network) => lookup.seats.get(network.id) ?? []);
}

export function linkChoices(lookup: Lookup): Choice<Subject>[] {
  return [...lookup.hostLinks.values()].sort(byName).map((link) => ({
    label: withoutIcons(link.name, 80),
    description: withoutIcons(linkHint(lookup, link), 120),
    iconPath: new ThemeIcon('circuit-board'),
    value: { kind: 'link', name: link.name },
  }));
}

function linkHint(lookup: Lookup, link: Link): string {
  const wire = link.kind === 'veth' ? lookup.wiresByHostLink.get(link.name)?.[0] : undefined;
  const owner = wire && lookup.containers.get(wire.containerId)?.name;
  return [link.kind, link.master, owner].filter((part) => part !== undefined).join(' · ');
}
