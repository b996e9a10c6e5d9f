import { formatAddress, parseAddress } from './addresses.ts';
import type { Parsed, Problem } from './problem.ts';
import type { Protocol, PublishSpec } from './specs.ts';

/** As many as one protocol has. */
const most = 65_535;

/**
 * All forms of `--publish`, several separated by commas or blanks: `80`, `8080:80`, `127.0.0.1:8080:80/udp`,
 * `127.0.0.1::80`, `[::1]:8080:80`, `8000-8010:80-90`, `8000-8010:80`. Ranges are taken apart, but for the last one,
 * which stays: the engine takes a free one of its host ports.
 */
export function parsePublish(text: string): Parsed<readonly PublishSpec[]> {
  const ports: PublishSpec[] = [];
  const seen = new Set<string>();
  for (const item of text.split(/[\s,]+/)) {
    if (item === '') continue;
    const parsed = parseItem(item);
    if (parsed.problem !== undefined) return parsed;
    for (const port of parsed.value) {
      const key = keyOf(port);
      if (seen.has(key)) return { problem: { kind: 'repeated', text: publishText(port) } };
      if (seen.size === most) return { problem: { kind: 'tooMany', maximum: most } };
      seen.add(key);
      ports.push(port);
    }
  }
  return { value: ports };
}

/** Two with one key could not both be published. */
function keyOf({ hostIp, hostPort, hostPortEnd, protocol, containerPort }: PublishSpec): string {
  const left = `${protocol} ${hostIp ?? ''}`;
  if (hostPort === undefined) return `${left} for ${containerPort}`;
  return hostPortEnd === undefined ? `${left} ${hostPort}` : `${left} ${hostPort}-${hostPortEnd} for ${containerPort}`;
}

function parseItem(text: string): Parsed<readonly PublishSpec[]> {
  const match = /^(?:(\[[^\]]*\]|[^:[\]]*):)?(?:([^:[\]]*):)?([^:[\]]*)$/.exec(text);
  if (match === null) return { problem: { kind: 'port', text } };
  // With one colon only, what is before it is the host port.
  const [, before, middle, last = ''] = match;
  const [address, hostText] = middle === undefined ? ['', before ?? ''] : [before ?? '', middle];
  const slash = last.indexOf('/');
  const protocol = protocolOf(slash < 0 ? 'tcp' : last.slice(slash + 1));
  if (protocol === undefined) return { problem: { kind: 'protocol', text: last.slice(slash + 1) } };
  const hostIp = hostAddress(address);
  if (hostIp === undefined) return { problem: { kind: 'notAddress', text: address } };
  const container = parseRange(slash < 0 ? last : last.slice(0, slash), text);
  if (container.problem !== undefined) return container;
  // 0 asks the engine for a free one, as nothing does.
  const host = hostText === '' || hostText === '0' ? undefined : parseRange(hostText, text);
  if (host?.problem !== undefined) return host;
  return pair(container.value, host?.value, { protocol, ...(hostIp === '' ? {} : { hostIp }) });
}

type Range = readonly [first: number, last: number];

function pair(
  [first, last]: Range,
  host: Range | undefined,
  common: Pick<PublishSpec, 'protocol' | 'hostIp'>,
): Parsed<readonly PublishSpec[]> {
  const length = last - first + 1;
  // Source: ParsePortSpec, github.com/docker/go-connections/nat.
  if (length === 1 && host !== undefined && host[0] !== host[1]) {
    return { value: [{ containerPort: first, ...common, hostPort: host[0], hostPortEnd: host[1] }] };
  }
  const hostLength = host === undefined ? length : host[1] - host[0] + 1;
  if (length !== hostLength) return { problem: { kind: 'rangeLengths', host: hostLength, container: length } };
  return {
    value: Array.from({ length }, (_, offset) => ({
      containerPort: first + offset,
      ...common,
      ...(host === undefined ? {} : { hostPort: host[0] + offset }),
    })),
  };
}

function protocolOf(text: string): Protocol | undefined {
  const word = text.toLowerCase();
  // The engine takes `80/` for TCP.
  return word === '' ? 'tcp' : (['tcp', 'udp', 'sctp'] as const).find((known) => known === word);
}

/** Empty for none, undefined for what is no address. */
function hostAddress(text: string): string | undefined {
  const address = parseAddress(text.replace(/^\[(.*)\]$/, '$1'));
  return text === '' ? '' : address && formatAddress(address);
}

function parseRange(text: string, item: string): Parsed<Range> {
  const match = /^([^-]*)(?:-([^-]*))?$/.exec(text);
  if (match === null || text === '') return { problem: { kind: 'port', text: item } };
  const [, firstText = '', lastText = firstText] = match;
  for (const one of [firstText, lastText]) {
    if (portOf(one) === undefined) return { problem: { kind: 'portNumber', text: one } };
  }
  const [first, last] = [Number(firstText), Number(lastText)];
  return last < first ? { problem: rangeOrder(text) } : { value: [first, last] };
}

function rangeOrder(text: string): Problem {
  return { kind: 'rangeOrder', text };
}

function portOf(text: string): number | undefined {
  const port = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/** What `parsePublish` reads as these ports. */
export function formatPublish(ports: readonly PublishSpec[]): string {
  return publishTexts(ports).join(', ');
}

/** One text for each `--publish`; ports that follow one another are one range. */
export function publishTexts(ports: readonly PublishSpec[]): readonly string[] {
  const texts: string[] = [];
  let run: { readonly first: PublishSpec; last: PublishSpec } | undefined;
  for (const port of ports) {
    if (run !== undefined && follows(run.last, port)) run.last = port;
    else {
      if (run !== undefined) texts.push(publishText(run.first, run.last));
      run = { first: port, last: port };
    }
  }
  return run === undefined ? texts : [...texts, publishText(run.first, run.last)];
}

function follows(last: PublishSpec, next: PublishSpec): boolean {
  const hostFollows =
    last.hostPort === undefined || next.hostPort === undefined
      ? last.hostPort === next.hostPort
      : last.hostPort + 1 === next.hostPort;
  return (
    hostFollows &&
    last.hostPortEnd === undefined &&
    next.hostPortEnd === undefined &&
    last.containerPort + 1 === next.containerPort &&
    last.hostIp === next.hostIp &&
    last.protocol === next.protocol
  );
}

function publishText(first: PublishSpec, last: PublishSpec = first): string {
  const host = hostPortText({ ...first, hostPortEnd: first.hostPortEnd ?? last.hostPort });
  const address = first.hostIp?.includes(':') === true ? `[${first.hostIp}]` : (first.hostIp ?? '');
  const left = address === '' ? (host === '' ? '' : `${host}:`) : `${address}:${host}:`;
  const protocol = first.protocol === 'tcp' ? '' : `/${first.protocol}`;
  return `${left}${rangeText(first.containerPort, last.containerPort)}${protocol}`;
}

/** `8000`, `8000-8010`, or nothing, as `HostPort` of the API has it. */
export function hostPortText({
  hostPort,
  hostPortEnd = hostPort,
}: {
  readonly hostPort?: number | undefined;
  readonly hostPortEnd?: number | undefined;
}): string {
  return hostPort === undefined || hostPortEnd === undefined ? '' : rangeText(hostPort, hostPortEnd);
}

function rangeText(first: number, last: number): string {
  return first === last ? `${first}` : `${first}-${last}`;
}
