import type { Graph } from '../graphModel.ts';

/** What `jsonOf` writes; a newer version may add properties, and gets another number where it takes any away. */
interface GraphFile extends Graph {
  readonly format: 'docker-network-explorer/graph';
  readonly version: 1;
}

/**
 * The graph as JSON for other programs: `format`, `version`, then the properties of `Graph` (graphModel.ts) as they are.
 * Two spaces of indentation and one order of properties, so that two exports can be compared line by line.
 */
export function jsonOf({ engine, recorded, kernelRead, hosts, nodes, edges }: Graph): string {
  const file: GraphFile = {
    format: 'docker-network-explorer/graph',
    version: 1,
    engine,
    recorded,
    kernelRead,
    ...(hosts === undefined ? {} : { hosts }),
    nodes,
    edges,
  };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}
