import type { SpecialRange } from './addresses.ts';
import type { Occupied } from './occupied.ts';

/**
 * Why something that a person typed cannot be sent, with what a sentence about it needs. Worded for people elsewhere.
 * `text` and `name` are parts of what was typed: any characters, any length.
 */
export type Problem =
  | { readonly kind: 'empty' }
  | { readonly kind: 'tooShort'; readonly minimum: number }
  | { readonly kind: 'tooLong'; readonly maximum: number }
  /** The first character that does not belong there. */
  | { readonly kind: 'character'; readonly character: string }
  /** It has to begin with a letter or a digit. */
  | { readonly kind: 'firstCharacter'; readonly character: string }
  /** Not a whole number, or outside of the limits. */
  | { readonly kind: 'number'; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'quoteNotClosed'; readonly quote: string }
  | { readonly kind: 'repeated'; readonly text: string }
  /** More items than a list may have. */
  | { readonly kind: 'tooMany'; readonly maximum: number }
  // Names
  /** `bridge`, `host`, `none`, `default`: Docker's own. */
  | { readonly kind: 'reservedName'; readonly name: string }
  | { readonly kind: 'networkNameTaken'; readonly name: string; readonly id: string; readonly driver: string }
  | { readonly kind: 'containerNameTaken'; readonly name: string; readonly id: string }
  /** A swarm's networks are named by letters, digits, `-` and `_`, with a letter or digit at both ends. */
  | { readonly kind: 'swarmName' }
  /** `.` and `..` are no names of a link. */
  | { readonly kind: 'linkName'; readonly name: string }
  | { readonly kind: 'linkNameTaken'; readonly name: string }
  | { readonly kind: 'unknownParent'; readonly name: string }
  /** `lo` carries nobody's packets but the host's. */
  | { readonly kind: 'loopbackParent'; readonly name: string }
  /** The engine shares no parent between these networks. */
  | { readonly kind: 'parentTaken'; readonly name: string; readonly network: string }
  | { readonly kind: 'unknownMode'; readonly text: string; readonly modes: readonly string[] }
  // Addresses and subnets
  | { readonly kind: 'notCidr'; readonly text: string }
  | { readonly kind: 'notAddress'; readonly text: string }
  | { readonly kind: 'family'; readonly expected: 4 | 6 }
  /** The address is not the first of its subnet; `subnet` is the one that it lies in. */
  | { readonly kind: 'hostBits'; readonly subnet: string }
  /** No room for a gateway and one container, or more addresses than the engine can hand out. */
  | { readonly kind: 'prefixLength'; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'specialRange'; readonly range: SpecialRange }
  | { readonly kind: 'overlap'; readonly hits: readonly [Occupied, ...Occupied[]] }
  | { readonly kind: 'outsideSubnet'; readonly text: string; readonly subnets: readonly string[] }
  | { readonly kind: 'networkAddress'; readonly address: string }
  | { readonly kind: 'broadcastAddress'; readonly address: string }
  | { readonly kind: 'addressTaken'; readonly address: string; readonly by: AddressHolder }
  /** A gateway, a range or an auxiliary address means nothing without its subnet. */
  | { readonly kind: 'needsSubnet' }
  /** IPv6 was asked for and this engine chooses no subnet of it. */
  | { readonly kind: 'needsIpv6Subnet' }
  /** The engine lets nobody fix an address on a network whose subnet it chose itself. */
  | { readonly kind: 'subnetNotChosen'; readonly network: string }
  /** The network has no addresses of that family, or none at all. */
  | { readonly kind: 'noSubnet'; readonly network: string; readonly family: 4 | 6 }
  // MAC
  | { readonly kind: 'notMac' }
  | { readonly kind: 'multicastMac' }
  | { readonly kind: 'zeroMac' }
  | { readonly kind: 'macTaken'; readonly mac: string; readonly container: string }
  // Lines of `key=value`, links, ports
  /** No `=`, or nothing before it. */
  | { readonly kind: 'keyValue'; readonly text: string }
  | { readonly kind: 'environmentName'; readonly text: string }
  /** Not `container:alias`. */
  | { readonly kind: 'link'; readonly text: string }
  | { readonly kind: 'unknownContainer'; readonly name: string }
  /** Not `[address:][host port:]container port[/protocol]`. */
  | { readonly kind: 'port'; readonly text: string }
  | { readonly kind: 'portNumber'; readonly text: string }
  | { readonly kind: 'protocol'; readonly text: string }
  | { readonly kind: 'rangeOrder'; readonly text: string }
  /** As many host ports as container ports are needed. */
  | { readonly kind: 'rangeLengths'; readonly host: number; readonly container: number }
  // Image references
  | { readonly kind: 'image'; readonly text: string }
  | { readonly kind: 'imageUpperCase'; readonly text: string }
  | { readonly kind: 'imageTag'; readonly text: string }
  | { readonly kind: 'imageDigest'; readonly text: string };

/** Who has an address of a network already. */
export type AddressHolder =
  | { readonly kind: 'gateway' }
  | { readonly kind: 'auxiliary'; readonly name: string }
  | { readonly kind: 'container'; readonly name: string; readonly id: string }
  /** Of an overlay network: on another host. */
  | { readonly kind: 'remote'; readonly name: string }
  /** Of a swarm: its virtual address. */
  | { readonly kind: 'service'; readonly name: string };

/** What a line of text says, or why it says nothing. */
export type Parsed<T> =
  { readonly value: T; readonly problem?: undefined } | { readonly value?: undefined; readonly problem: Problem };
