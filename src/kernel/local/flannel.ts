import { isFlannelName } from '../../topology/flannel.ts';
import type { KernelView, Link, Vtep } from '../../topology/model.ts';
import { parseFlannelEnv } from '../parse/flannelEnv.ts';
import { namespaceKey } from './engineFacts.ts';
import { rootOf, type EngineNamespace } from './engineNamespace.ts';
import { readBelow } from './files.ts';
import type { HostSources } from './hostNamespace.ts';

/** flannel makes one for each address family; two programs `ip` are asked of each. */
const mostLinks = 4;

/** Names on the way to flanneld's file, from the root that its host sees. */
const envFile = ['run', 'flannel', 'subnet.env'] as const;

/** What flannel says and does on the engine's machine; empty where it is not there. Never rejects. */
export async function readFlannel(
  engine: EngineNamespace,
  links: readonly Link[],
  from: HostSources,
): Promise<Pick<KernelView, 'flannel' | 'vteps'>> {
  // As with sandboxes: a stand-in for /proc has no such files, and another process's root may be anybody's.
  if (from.proc !== '/proc') return {};
  const root = rootOf(engine);
  const [text = '', vteps] = await Promise.all([
    root === undefined ? undefined : readBelow(root, envFile),
    vtepsOf(engine.process, links, from),
  ]);
  // A process that is another one by now may have led to another machine's.
  if (namespaceKey(from.proc, engine.process) !== engine.key) return {};
  const flannel = parseFlannelEnv(text);
  return { ...(flannel === undefined ? {} : { flannel }), ...(vteps.length === 0 ? {} : { vteps }) };
}

/** As `before` has it, unless a device of flannel came or went: no event of an engine tells of anything else. */
export async function refreshFlannel(
  engine: EngineNamespace,
  before: KernelView,
  links: readonly Link[],
  from: HostSources,
): Promise<Pick<KernelView, 'flannel' | 'vteps'>> {
  const devices = (all: readonly Link[]): string =>
    all
      .filter(isDevice)
      .map(({ ifindex }) => ifindex)
      .join();
  if (devices(before.host.links) !== devices(links)) return readFlannel(engine, links, from);
  const { flannel, vteps } = before;
  return { ...(flannel === undefined ? {} : { flannel }), ...(vteps === undefined ? {} : { vteps }) };
}

function isDevice({ name, kind }: Link): boolean {
  return kind === 'vxlan' && isFlannelName(name);
}

async function vtepsOf(
  process: 'self' | number,
  links: readonly Link[],
  { ip, signal }: HostSources,
): Promise<readonly Vtep[]> {
  const devices = links.filter(isDevice).slice(0, mostLinks);
  const read = await Promise.all(devices.map(async ({ name }) => (await ip.vteps?.(process, name, signal)) ?? []));
  return read.flat();
}
