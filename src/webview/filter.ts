import type { Graph } from '../topology/graphModel.ts';
import type { GraphFilter } from '../topology/graphView.ts';

export type FilterKey = keyof GraphFilter;

/** What can be chosen: values as the filter takes them, with what people read. */
export interface FilterChoice {
  readonly value: string;
  readonly text: string;
}

export function filterChoices(graph: Graph): Readonly<Record<Exclude<FilterKey, 'states'>, readonly FilterChoice[]>> {
  const networks: FilterChoice[] = [];
  const drivers = new Set<string>();
  const projects = new Set<string>();
  for (const node of graph.nodes) {
    if (node.kind === 'network') {
      networks.push({ value: node.networkId, text: node.name });
      drivers.add(node.driver);
      if (node.project !== undefined) projects.add(node.project);
    }
    if (node.kind !== 'namespace') continue;
    for (const container of node.containers) if (container.project !== undefined) projects.add(container.project);
  }
  const plain = (values: ReadonlySet<string>): FilterChoice[] =>
    [...values].sort().map((value) => ({ value, text: value }));
  return { networks, drivers: plain(drivers), projects: plain(projects) };
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
  const { networks = [], projects = [], states = [], drivers = [] } = filter;
  return networks.length + projects.length + states.length + drivers.length;
}
