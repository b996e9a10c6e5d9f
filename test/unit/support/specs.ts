import type { EndpointSpec, NetworkSpec, RunSpec } from '../../../src/actions/specs.ts';

/** Specifications that ask for nothing but what they cannot be without; tests spread what they ask for. */
export const plainEndpoint: EndpointSpec = { aliases: [], links: [], driverOptions: {} };

export const plainNetwork: NetworkSpec = {
  name: 'net',
  driver: 'bridge',
  pools: [],
  ipv6: false,
  internal: false,
  attachable: false,
  options: {},
  labels: {},
};

export const plainRun: RunSpec = {
  image: 'busybox',
  name: '',
  mode: { kind: 'bridge' },
  endpoint: plainEndpoint,
  ports: [],
  environment: [],
  restart: 'no',
  command: [],
  tty: false,
  removeWhenStopped: false,
};
