import { endianness } from 'node:os';
import type { BridgeFacts, Link } from '../../topology/model.ts';
import { parseBrforward } from '../parse/brforward.ts';
import { parseInteger } from '../parse/sysfs.ts';
import {
  bridgeFacts,
  kindFromInside,
  linkBasics,
  linkKind,
  linkState,
  type LinkContext,
  type LinkFile,
} from '../parse/sysfsLink.ts';
import { list, readBytes, readLink, readText } from './files.ts';

/** 65,536 forwarding entries. */
const fdbLimit = 1024 * 1024;

/** A link of the engine's namespace, whole. Undefined where it is gone. `directory` is `/sys/class/net/<name>`. */
export function readSysfsLink(directory: string, name: string, context: LinkContext): Link | undefined {
  const file = filesOf(directory);
  const entries = new Set(list(directory));
  const basics = linkBasics(name, file, context);
  if (basics === undefined) return undefined;
  const { link, devtype } = basics;
  const master = entries.has('master') ? readLink(`${directory}/master`)?.split('/').at(-1) : undefined;
  const portNo = entries.has('brport') ? parseInteger(file('brport/port_no') ?? '') : undefined;
  const bridge = entries.has('bridge') ? readBridge(directory) : undefined;
  return {
    ...link,
    kind: linkKind(link, devtype, entries, file),
    ...(master === undefined || master === '' ? {} : { master }),
    ...(portNo === undefined ? {} : { portNo }),
    ...(bridge === undefined ? {} : { bridge }),
  };
}

/** A link of a container: what its wire needs, in half the reads. */
export function readContainerLink(directory: string, name: string, context: LinkContext): Link | undefined {
  const basics = linkBasics(name, filesOf(directory), context);
  return basics && { ...basics.link, kind: kindFromInside(basics.devtype) };
}

export function readBridge(directory: string): BridgeFacts | undefined {
  return bridgeFacts(filesOf(directory), () =>
    parseBrforward(readBytes(`${directory}/brforward`, fdbLimit) ?? new Uint8Array(), endianness()),
  );
}

/** All that may change of a link while its index stays. */
export function readLinkState(
  directory: string,
  name: string,
  ifindex: number,
  context: LinkContext,
): Omit<Link, 'kind'> {
  return linkState(name, ifindex, filesOf(directory), context);
}

function filesOf(directory: string): LinkFile {
  return (file) => readText(`${directory}/${file}`);
}
