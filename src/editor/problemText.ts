import { l10n } from 'vscode';
import type { Occupied } from '../actions/occupied.ts';
import type { AddressHolder, Problem } from '../actions/problem.ts';
import { listText } from './listText.ts';
import { visible } from './untrusted.ts';

/** The one place that words a `Problem` for people: what is wrong, and what would be right. Undefined for none. */
export function problemText(problem: Problem | undefined): string | undefined {
  if (problem === undefined) return undefined;
  // The record has a function for each kind, which the compiler cannot tell of a kind that it does not know.
  const text = texts[problem.kind] as (problem: Problem) => string;
  return text(problem);
}

type Kind<K extends Problem['kind']> = Extract<Problem, { readonly kind: K }>;

const show = (text: string): string => visible(text, 60);

/** Lengths, characters, numbers and names. */
const formTexts = {
  empty: (): string => l10n.t('It cannot be empty.'),
  tooShort: (problem: Kind<'tooShort'>): string => l10n.t('At least {0} characters are needed.', problem.minimum),
  tooLong: (problem: Kind<'tooLong'>): string => l10n.t('At most {0} characters are allowed.', problem.maximum),
  character: (problem: Kind<'character'>): string =>
    l10n.t('“{0}” is not allowed: use letters, digits, “_”, “.” and “-”.', show(problem.character)),
  firstCharacter: (problem: Kind<'firstCharacter'>): string =>
    l10n.t('It has to begin with a letter or a digit, not with “{0}”.', show(problem.character)),
  number: (problem: Kind<'number'>): string =>
    l10n.t('A whole number from {0} to {1} is needed.', problem.minimum, problem.maximum),
  quoteNotClosed: (problem: Kind<'quoteNotClosed'>): string => l10n.t('The quote {0} is not closed.', problem.quote),
  repeated: (problem: Kind<'repeated'>): string => l10n.t('{0} is there twice.', show(problem.text)),
  reservedName: (problem: Kind<'reservedName'>): string => l10n.t('{0} is a name of Docker’s own.', show(problem.name)),
  networkNameTaken: (problem: Kind<'networkNameTaken'>): string =>
    l10n.t(
      'There is a network {0} already ({1}, {2}).',
      show(problem.name),
      show(problem.driver),
      problem.id.slice(0, 12),
    ),
  containerNameTaken: (problem: Kind<'containerNameTaken'>): string =>
    l10n.t('There is a container {0} already ({1}).', show(problem.name), problem.id.slice(0, 12)),
  swarmName: (): string =>
    l10n.t('A network of a swarm is named by letters, digits, “-” and “_”, with a letter or digit at both ends.'),
  linkName: (problem: Kind<'linkName'>): string =>
    l10n.t('{0} is no name of a network interface: at most 15 characters, no “/” and no space.', show(problem.name)),
  linkNameTaken: (problem: Kind<'linkNameTaken'>): string =>
    l10n.t('The host has a link {0} already.', show(problem.name)),
  tooMany: (problem: Kind<'tooMany'>): string => l10n.t('At most {0} of them are allowed.', problem.maximum),
  loopbackParent: (problem: Kind<'loopbackParent'>): string =>
    l10n.t('{0} is the loopback link: nothing can ride on it.', show(problem.name)),
  parentTaken: (problem: Kind<'parentTaken'>): string =>
    l10n.t(
      '{0} is the parent of the network {1} already, which shares it with nobody.',
      show(problem.name),
      show(problem.network),
    ),
  unknownMode: (problem: Kind<'unknownMode'>): string =>
    l10n.t('{0} is no mode: {1}.', show(problem.text), listText(problem.modes)),
  unknownParent: (problem: Kind<'unknownParent'>): string => l10n.t('The host has no link {0}.', show(problem.name)),
};

/** Addresses, subnets and MACs. */
const addressTexts = {
  notCidr: (problem: Kind<'notCidr'>): string =>
    l10n.t('{0} is no subnet; for example 172.30.0.0/16.', show(problem.text)),
  notAddress: (problem: Kind<'notAddress'>): string => l10n.t('{0} is no IP address.', show(problem.text)),
  family: (problem: Kind<'family'>): string =>
    problem.expected === 4 ? l10n.t('An IPv4 address is needed here.') : l10n.t('An IPv6 address is needed here.'),
  hostBits: (problem: Kind<'hostBits'>): string =>
    l10n.t('That is an address inside a subnet; the subnet is {0}.', problem.subnet),
  prefixLength: (problem: Kind<'prefixLength'>): string =>
    l10n.t('The prefix length has to be from {0} to {1}.', problem.minimum, problem.maximum),
  specialRange: (problem: Kind<'specialRange'>): string =>
    l10n.t('Addresses of that range cannot be used here ({0}).', problem.range),
  overlap: (problem: Kind<'overlap'>): string =>
    l10n.t('It overlaps {0}.', listText(problem.hits.slice(0, 3).map(occupierText))),
  outsideSubnet: (problem: Kind<'outsideSubnet'>): string =>
    l10n.t('{0} is not inside {1}.', show(problem.text), listText(problem.subnets.slice(0, 3))),
  networkAddress: (problem: Kind<'networkAddress'>): string =>
    l10n.t('{0} is the address of the subnet itself.', problem.address),
  broadcastAddress: (problem: Kind<'broadcastAddress'>): string =>
    l10n.t('{0} is the broadcast address of the subnet.', problem.address),
  addressTaken: (problem: Kind<'addressTaken'>): string =>
    l10n.t('{0} is taken by {1}.', problem.address, holderText(problem.by)),
  needsSubnet: (): string => l10n.t('It means nothing without a subnet: say that first.'),
  needsIpv6Subnet: (): string => l10n.t('This engine chooses no IPv6 subnet by itself: say one.'),
  subnetNotChosen: (problem: Kind<'subnetNotChosen'>): string =>
    l10n.t(
      'The engine chose the subnet of {0} by itself, and fixes addresses only on networks whose subnet a person chose.',
      show(problem.network),
    ),
  noSubnet: (problem: Kind<'noSubnet'>): string =>
    problem.family === 4
      ? l10n.t('The network {0} has no IPv4 subnet.', show(problem.network))
      : l10n.t('The network {0} has no IPv6 subnet.', show(problem.network)),
  notMac: (): string => l10n.t('That is no MAC address; for example 02:42:ac:1e:00:05.'),
  multicastMac: (): string => l10n.t('That is a multicast MAC address: the first byte has to be even.'),
  zeroMac: (): string => l10n.t('The MAC address with all zeros is nobody’s.'),
  macTaken: (problem: Kind<'macTaken'>): string =>
    l10n.t('{0} is the MAC address of {1}.', problem.mac, show(problem.container)),
};

/** Items of lists: environment, labels, links, ports, and image references. */
const listTexts = {
  keyValue: (problem: Kind<'keyValue'>): string => l10n.t('{0} is not of the form key=value.', show(problem.text)),
  environmentName: (problem: Kind<'environmentName'>): string =>
    l10n.t('{0} does not begin with the name of a variable.', show(problem.text)),
  link: (problem: Kind<'link'>): string => l10n.t('{0} is not of the form container:alias.', show(problem.text)),
  unknownContainer: (problem: Kind<'unknownContainer'>): string =>
    l10n.t('There is no container {0}.', show(problem.name)),
  port: (problem: Kind<'port'>): string =>
    l10n.t('{0} is no port; for example 8080:80, 127.0.0.1:8080:80/tcp or 53/udp.', show(problem.text)),
  portNumber: (problem: Kind<'portNumber'>): string => l10n.t('{0} is no port number: 1 to 65535.', show(problem.text)),
  protocol: (problem: Kind<'protocol'>): string => l10n.t('{0} is no protocol: tcp, udp or sctp.', show(problem.text)),
  rangeOrder: (problem: Kind<'rangeOrder'>): string => l10n.t('{0}: the range has to go upwards.', show(problem.text)),
  rangeLengths: (problem: Kind<'rangeLengths'>): string =>
    l10n.t(
      '{0} host ports for {1} container ports: both ranges have to be of one length.',
      problem.host,
      problem.container,
    ),
  image: (problem: Kind<'image'>): string =>
    l10n.t('{0} is no image name; for example nginx:1.27 or registry.example/team/app:tag.', show(problem.text)),
  imageUpperCase: (problem: Kind<'imageUpperCase'>): string =>
    l10n.t('{0}: the name of an image is in lower case.', show(problem.text)),
  imageTag: (problem: Kind<'imageTag'>): string =>
    l10n.t('{0} is no tag: letters, digits, “_”, “.” and “-”, at most 128.', show(problem.text)),
  imageDigest: (problem: Kind<'imageDigest'>): string =>
    l10n.t('{0} is no digest; for example sha256 and 64 hexadecimal digits.', show(problem.text)),
};

/** The compiler finds a kind that has no words. */
const texts: { readonly [K in Problem['kind']]: (problem: Kind<K>) => string } = {
  ...formTexts,
  ...addressTexts,
  ...listTexts,
};

function occupierText({ cidr, by }: Occupied): string {
  switch (by.kind) {
    case 'network':
      return l10n.t('{0} of the network {1}', cidr, show(by.name));
    case 'link':
      return l10n.t('{0} of the host link {1}', cidr, show(by.link));
    case 'route':
      return l10n.t('{0}, a route of the host over {1}', cidr, show(by.link));
  }
}

function holderText(by: AddressHolder): string {
  switch (by.kind) {
    case 'gateway':
      return l10n.t('the gateway');
    case 'auxiliary':
      return l10n.t('the auxiliary address {0}', show(by.name));
    case 'container':
      return l10n.t('the container {0}', show(by.name));
    case 'remote':
      return l10n.t('the container {0} on another host', show(by.name));
    case 'service':
      return l10n.t('the service {0}', show(by.name));
  }
}
