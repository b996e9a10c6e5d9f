import type { Graph, NetworkNode } from '../topology/graphModel.ts';
import type { GraphFilter } from '../topology/graphView.ts';
import { hasFrames } from './hostParts.ts';

export type FilterKey = keyof GraphFilter;

/** What can be chosen: values as the filter takes them, with what people read. */
export interface FilterChoice {
  readonly value: string;
  readonly text: string;
}

export function filterChoices(graph: Graph): Readonly<Record<Exclude<FilterKey, 'states'>, readonly FilterChoice[]>> {
  const networks: NetworkNode[] = [];
  const drivers = new Set<string>();
  const projects = new Set<string>();
  for (const node of graph.nodes) {
    if (node.kind === 'network') {
      networks.push(node);
      drivers.add(node.driver);
      if (node.project !== undefined) projects.add(node.project);
    }
    if (node.kind !== 'namespace') continue;
    for (const container of node.containers) if (container.project !== undefined) projects.add(container.project);
  }
  const plain = (values: ReadonlySet<string>): FilterChoice[] =>
    [...values].sort().map((value) => ({ value, text: value }));
  const hosts = hasFrames(graph) ? graph.hosts.map(({ id, label }) => ({ value: id, text: label })) : [];
  return { hosts, networks: networkChoices(networks, graph), drivers: plain(drivers), projects: plain(projects) };
}

/** One for each id: an overlay is the same on all hosts. Those of one name on several hosts are told apart by these. */
function networkChoices(networks: readonly NetworkNode[], { hosts = [] }: Graph): FilterChoice[] {
  const labels = new Map(hosts.map(({ id, label }) => [id, label]));
  const byName = Map.groupBy(networks, ({ name }) => name);
  const choices = new Map<string, FilterChoice>();
  for (const { networkId, name, host } of networks) {
    const label = host === undefined ? undefined : labels.get(host);
    const isOne = (byName.get(name) ?? []).every((other) => other.networkId === networkId || other.host === host);
    const text = isOne || label === undefined ? name : `${name} (${label})`;
    if (!choices.has(networkId)) choices.set(networkId, { value: networkId, text });
  }
  return [...choices.values()];
}

/** The filter with one value more, or less. */
export function toggleFilter(filter: GraphFilter, key: FilterKey, value: string): GraphFilter {
  const before: readonly string[] = filter[key] ?? [];
  const after = before.includes(value) ? before.filter((other) => other !== value) : [...before, value];
  const { [key]: _old, ...rest } = filter;
  return after.length === 0 ? rest : { ...rest, [key]: after };
}

/** How many values are chosen. */
export function filterCount(filter: GraphFilter): number {
  const { hosts = [], networks = [], projects = [], states = [], drivers = [] } = filter;
  return hosts.length + networks.length + projects.length + states.length + drivers.length;
}
