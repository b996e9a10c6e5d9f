import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { posix } from 'node:path';
import { parseIpAddressJson, type IpLink } from '../parse/ipAddressJson.ts';
import { parseIpNeighJson } from '../parse/ipNeighJson.ts';
import { joinVteps } from '../parse/vteps.ts';
import type { Link, Tunnel, Vtep } from '../../topology/model.ts';

/** The `ip` program of iproute2, where it is installed. It adds detail; nothing depends on it. */
export interface IpTool {
  /**
   * Links of the namespace of a process; with `names`, those alone. Undefined where there is no such program, it does
   * not understand, or it may not: never an error.
   */
  links(
    process: 'self' | number,
    names?: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly IpLink[] | undefined>;
  /**
   * Links of a namespace that no process lives in, by the file that it is mounted on; and where its VXLAN devices send
   * frames. Undefined as above.
   */
  sandbox?(file: string, signal?: AbortSignal): Promise<IpSandbox | undefined>;
  /** The machines at the far ends of a VXLAN device of the namespace of a process. Empty where `links` is undefined. */
  vteps?(process: 'self' | number, link: string, signal?: AbortSignal): Promise<readonly Vtep[]>;
}

export interface IpSandbox {
  readonly links: readonly IpLink[];
  readonly tunnels: readonly Tunnel[];
}

const timeoutMilliseconds = 2_000;
/** After a failure in our own namespace (busybox's `ip` knows no JSON) it is left alone for a while. */
const restMilliseconds = 10 * 60_000;
/** Administrators' directories are not on the PATH of Debian's ordinary users. */
const moreDirectories = ['/usr/sbin', '/sbin', '/usr/bin', '/bin'];

export const noIpTool: IpTool = { links: () => Promise.resolve(undefined) };

export function createIpTool(log: (message: string) => void, path = process.env['PATH'] ?? ''): IpTool {
  const ip = findProgram('ip', path);
  const nsenter = findProgram('nsenter', path);
  let restUntil = 0;
  /** How a command gets into the namespace of a process; undefined where it cannot. */
  const entering = (target: 'self' | number): readonly string[] | undefined => {
    if (target === 'self') return [];
    return nsenter === undefined ? undefined : [nsenter, `--net=/proc/${target}/ns/net`, '--'];
  };
  return {
    async links(target, names, signal) {
      const enter = entering(target);
      if (ip === undefined || enter === undefined || performance.now() < restUntil) return undefined;
      const ask = async (selection: readonly string[]): Promise<readonly IpLink[] | undefined> => {
        const out = await run([...enter, ip, '-details', '-json', 'address', 'show', ...selection], signal);
        return out === undefined ? undefined : parseIpAddressJson(out);
      };
      if (names !== undefined)
        return (await Promise.all(names.map((name) => ask(['dev', name])))).flatMap((links) => links ?? []);
      const links = await ask([]);
      if (links === undefined && target === 'self' && signal?.aborted !== true) {
        restUntil = performance.now() + restMilliseconds;
        log(`${ip} -details -json does not work here: kinds and addresses of links have less detail`);
      }
      return links;
    },
    async sandbox(file, signal) {
      if (ip === undefined || nsenter === undefined || performance.now() < restUntil) return undefined;
      const ask = (...question: readonly string[]): Promise<string | undefined> =>
        run([nsenter, `--net=${file}`, '--', ip, ...question], signal);
      const [links, neighbours] = await Promise.all([
        ask('-details', '-json', 'address', 'show'),
        // The forwarding databases of all links: that of a VXLAN device has the hosts.
        ask('-json', '-family', 'bridge', 'neighbour', 'show'),
      ]);
      const parsed = links === undefined ? undefined : parseIpAddressJson(links);
      return parsed && { links: parsed, tunnels: neighbours === undefined ? [] : parseIpNeighJson(neighbours) };
    },
    async vteps(target, link, signal) {
      const enter = entering(target);
      if (ip === undefined || enter === undefined || performance.now() < restUntil) return [];
      const ask = (...family: readonly string[]): Promise<string | undefined> =>
        run([...enter, ip, '-json', ...family, 'neighbour', 'show', 'dev', link], signal);
      const [neighbours = '', forwarding = ''] = await Promise.all([ask(), ask('-family', 'bridge')]);
      return joinVteps(link, neighbours, forwarding);
    },
  };
}

/** Adds what `ip` knows better to what sysfs said, if both mean the same link. */
export function enrich(link: Link, ip: IpLink | undefined): Link {
  if (ip?.ifindex !== link.ifindex || ip.name !== link.name) return link;
  return {
    ...link,
    kind: ip.kind ?? link.kind,
    addresses: ip.addresses,
    ...(ip.peerNetnsId === undefined ? {} : { peerNetnsId: ip.peerNetnsId }),
    ...(ip.vxlan === undefined ? {} : { vxlan: ip.vxlan }),
    ...(ip.vlanId === undefined ? {} : { vlanId: ip.vlanId }),
    ...(ip.mode === undefined ? {} : { mode: ip.mode }),
  };
}

/** A whole link from `ip` alone, where no sysfs of that namespace is at hand. Then a bridge's FDB stays unread. */
export function linkFromIp(ip: IpLink, all: readonly IpLink[], counters: Link['counters']): Link {
  const peer = ip.peerName === undefined ? undefined : all.find(({ name }) => name === ip.peerName)?.ifindex;
  const link: Link = {
    name: ip.name,
    ifindex: ip.ifindex,
    iflink: ip.peerIndex ?? peer ?? ip.ifindex,
    kind: 'other',
    ...(ip.mac === undefined ? {} : { mac: ip.mac }),
    ...(ip.mtu === undefined ? {} : { mtu: ip.mtu }),
    ...(ip.operState === undefined ? {} : { operState: ip.operState }),
    ...(ip.master === undefined ? {} : { master: ip.master }),
    ...(ip.portNo === undefined ? {} : { portNo: ip.portNo }),
    ...(ip.bridge === undefined ? {} : { bridge: { ...ip.bridge, fdb: [] } }),
    addresses: [],
    ...(counters === undefined ? {} : { counters }),
  };
  return enrich(link, ip);
}

/** The first executable of that name in the absolute directories of a PATH. */
function findProgram(name: string, path: string): string | undefined {
  const directories = [...path.split(':').filter((directory) => posix.isAbsolute(directory)), ...moreDirectories];
  return directories.map((directory) => posix.join(directory, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function run(command: readonly string[], signal: AbortSignal | undefined): Promise<string | undefined> {
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    execFile(
      program,
      args,
      {
        encoding: 'utf8',
        timeout: timeoutMilliseconds,
        killSignal: 'SIGKILL',
        maxBuffer: 64 * 1024 * 1024,
        env: { LC_ALL: 'C' },
        ...(signal === undefined ? {} : { signal }),
      },
      (error, stdout) => resolve(error === null ? stdout : undefined),
    );
  });
}
