/** Debian packages that the lab needs beside Node; `scripts/` installs what is missing. */
export const labPackages = [
  'docker.io', // dockerd, containerd, runc and the client: the oldest engine, and the client for all
  'iptables', // dockerd's own
  'rootlesskit', // a dockerd without root: its namespaces, their way out, their users (rootless.ts)
  'slirp4netns',
  'uidmap',
  'busybox-static', // what the lab's images are made of
  'debootstrap', // the roots of the newer engines; Podman, etcd and sshd are in one of them (debianRoot.ts)
  'iproute2', // ip and bridge: namespaces, devices, and the oracle of the tests
  'bridge-utils', // brctl, for a person who wants to compare
  'util-linux', // nsenter, unshare, setpriv, flock
  'openssh-client', // ssh and ssh-keygen
  'openssl', // the certificates of an engine behind TLS
] as const;

/** One program of each package: missing means that the package is. */
export const labPrograms: Readonly<Record<(typeof labPackages)[number], string>> = {
  'docker.io': 'dockerd',
  iptables: 'iptables',
  rootlesskit: 'rootlesskit',
  slirp4netns: 'slirp4netns',
  uidmap: 'newuidmap',
  'busybox-static': 'busybox',
  debootstrap: 'debootstrap',
  iproute2: 'ip',
  'bridge-utils': 'brctl',
  'util-linux': 'nsenter',
  'openssh-client': 'ssh',
  openssl: 'openssl',
};
