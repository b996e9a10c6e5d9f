import type { LegacyLink } from '../topology/model.ts';
import { publishTexts } from './publish.ts';
import type { Action, EndpointSpec, NetworkSpec, RunMode, RunSpec, ServicePort, ServiceSpec } from './specs.ts';

export interface CommandOptions {
  /** Values of environment variables become dots: for logs and for others to see. */
  readonly maskEnvironment?: boolean;
  /** Flags of the docker command itself, which say to which engine it goes; none: to that of its own choice. */
  readonly engine?: readonly string[];
}

/**
 * The docker command that does what an action does, for people to learn from and to copy. The flags are those of Docker
 * 20.10, and `--gw-priority` of 28, which only engines as new as that are asked for. Two things no client can say, and
 * are not in it: the MAC address of `docker network connect`, and an endpoint on a network mode that has none.
 */
export function dockerCommand(action: Action, options: CommandOptions = {}): readonly string[] {
  return ['docker', ...(options.engine ?? []), ...wordsOf(action, options)];
}

function wordsOf(action: Action, options: CommandOptions): readonly string[] {
  switch (action.kind) {
    case 'createNetwork':
      return ['network', 'create', ...networkFlags(action.spec), ...operands(action.spec.name)];
    case 'removeNetworks':
      return ['network', 'rm', ...operands(...action.names)];
    case 'connect':
      return ['network', 'connect', ...connectFlags(action.spec), ...operands(action.network, action.container)];
    case 'disconnect':
      return ['network', 'disconnect', ...when(action.force, '--force'), ...operands(action.network, action.container)];
    case 'run':
      return ['run', ...runFlags(action.spec, options), ...operands(action.spec.image), ...action.spec.command];
    case 'state':
      return [action.change, ...operands(...action.containers)];
    case 'removeContainers':
      return [
        'rm',
        ...when(action.force, '--force'),
        ...when(action.volumes, '--volumes'),
        ...operands(...action.containers),
      ];
    case 'rename':
      return ['rename', ...operands(action.container, action.name)];
    case 'pull':
      return ['pull', ...operands(action.image)];
    case 'swarmInit':
      return ['swarm', 'init', ...flag('--advertise-addr', action.advertiseAddress)];
    case 'swarmLeave':
      return ['swarm', 'leave', ...when(action.force, '--force')];
    case 'createService': {
      const { spec } = action;
      return ['service', 'create', ...serviceFlags(spec, options), ...operands(spec.image), ...spec.command];
    }
    case 'removeServices':
      return ['service', 'rm', ...operands(...action.names)];
  }
}

function networkFlags(spec: NetworkSpec): readonly string[] {
  return [
    ...flag('--driver', spec.driver),
    ...when(spec.ipv6, '--ipv6'),
    ...when(spec.internal, '--internal'),
    ...when(spec.attachable, '--attachable'),
    ...spec.pools.flatMap((pool) => [
      ...flag('--subnet', pool.subnet),
      ...flag('--ip-range', pool.ipRange),
      ...flag('--gateway', pool.gateway),
      ...pairs('--aux-address', pool.auxiliaryAddresses),
    ]),
    ...pairs('--opt', spec.options),
    ...pairs('--label', spec.labels),
  ];
}

function connectFlags(spec: EndpointSpec): readonly string[] {
  return [
    // These two flags take a line of comma-separated values each.
    ...spec.aliases.flatMap((alias) => flag('--alias', csvField(alias))),
    ...flag('--ip', spec.ipv4),
    ...flag('--ip6', spec.ipv6),
    ...spec.links.flatMap(linkFlag),
    ...Object.entries(spec.driverOptions).flatMap(([key, value]) => flag('--driver-opt', csvField(`${key}=${value}`))),
    ...flag('--gw-priority', spec.gatewayPriority?.toString()),
  ];
}

function runFlags(spec: RunSpec, { maskEnvironment = false }: CommandOptions): readonly string[] {
  const { endpoint, mode } = spec;
  return [
    '--detach',
    ...when(spec.tty, '--tty'),
    ...when(spec.removeWhenStopped, '--rm'),
    ...flag('--name', spec.name),
    ...flag('--network', networkText(mode, endpoint)),
    ...(mode.kind === 'bridge' || mode.kind === 'network'
      ? [
          ...endpoint.aliases.flatMap((alias) => flag('--network-alias', alias)),
          ...flag('--ip', endpoint.ipv4),
          ...flag('--ip6', endpoint.ipv6),
          ...flag('--mac-address', endpoint.mac),
          ...endpoint.links.flatMap(linkFlag),
        ]
      : []),
    ...publishTexts(spec.ports).flatMap((port) => flag('--publish', port)),
    ...spec.environment.flatMap((line) => flag('--env', maskEnvironment ? masked(line) : line)),
    ...flag('--restart', spec.restart === 'no' ? '' : spec.restart),
  ];
}

/** `--network` has a second form, `name=net,driver-opt=…`, for what has no flag of its own. */
function networkText(mode: RunMode, endpoint: EndpointSpec): string {
  switch (mode.kind) {
    case 'bridge':
      // docker takes `--link` for the default bridge only where it is not named.
      return endpoint.links.length > 0 ? '' : mode.kind;
    case 'host':
    case 'none':
      return mode.kind;
    case 'container':
      return `container:${mode.name}`;
    case 'network': {
      const more = [
        ...Object.entries(endpoint.driverOptions).map(([key, value]) => `driver-opt=${key}=${value}`),
        ...(endpoint.gatewayPriority === undefined ? [] : [`gw-priority=${endpoint.gatewayPriority}`]),
      ];
      // A name with `=` is taken for that form, and one like `container:x` for a mode.
      const name = mode.name.startsWith('container:') ? mode.id : mode.name;
      return more.length === 0 && !name.includes('=') ? name : [`name=${name}`, ...more].map(csvField).join(',');
    }
  }
}

/** `--no-resolve-image`: the client would ask a registry which image the tag means now, and the engine does not. */
function serviceFlags(spec: ServiceSpec, { maskEnvironment = false }: CommandOptions): readonly string[] {
  return [
    '--detach',
    '--no-resolve-image',
    ...flag('--name', spec.name),
    ...flag('--network', spec.network?.name),
    ...flag('--replicas', spec.replicas.toString()),
    ...spec.ports.flatMap((port) => flag('--publish', servicePortText(port, spec))),
    ...spec.environment.flatMap((line) => flag('--env', maskEnvironment ? masked(line) : line)),
  ];
}

/** The long form: the short one knows no mode. */
function servicePortText(
  { containerPort, protocol, publishedPort }: ServicePort,
  { publishMode }: ServiceSpec,
): string {
  return [
    ...(publishedPort === undefined ? [] : [`published=${publishedPort}`]),
    `target=${containerPort}`,
    ...when(protocol !== 'tcp', `protocol=${protocol}`),
    ...when(publishMode === 'host', 'mode=host'),
  ].join(',');
}

function masked(line: string): string {
  const equals = line.indexOf('=');
  return equals < 0 ? line : `${line.slice(0, equals)}=••••`;
}

function linkFlag({ target, alias }: LegacyLink): readonly string[] {
  return flag('--link', `${target}:${alias}`);
}

function when(is: boolean, word: string): readonly string[] {
  return is ? [word] : [];
}

/** Nothing for an empty value; one word where the value could be taken for another flag by a reader. */
function flag(name: string, value: string | undefined): readonly string[] {
  if (value === undefined || value === '') return [];
  return value.startsWith('-') ? [`${name}=${value}`] : [name, value];
}

function pairs(name: string, values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).flatMap(([key, value]) => flag(name, value === '' ? key : `${key}=${value}`));
}

/** Networks may have names that begin with a dash; containers and images cannot. */
function operands(...words: readonly string[]): readonly string[] {
  return words.some((word) => word.startsWith('-')) ? ['--', ...words] : words;
}

/** Quoted as RFC 4180 says where it has to be. */
function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
