import type { FoundContainerLink } from './containerLink.ts';
import type { Container, Endpoint, Evidence, Link, LinkRef, Network, Wire, WireKind } from './model.ts';

/** An endpoint that has a wire, with all that is known of it before the host's side is looked at. */
export interface Seat {
  readonly container: Container;
  readonly endpoint: Endpoint;
  readonly network: Network | undefined;
  readonly kind: WireKind;
  /** The bridge or parent that the engine's record names. */
  readonly expected: string | undefined;
  found?: FoundContainerLink;
}

export function unknownWire(seat: Seat, reasons: readonly Evidence[], candidates: readonly string[] = []): Wire {
  return {
    ...ends(seat),
    ...(seat.kind === 'veth' && seat.expected !== undefined ? { bridge: seat.expected } : {}),
    confidence: 'unknown',
    evidence: [...(seat.found ? [seat.found.evidence] : []), ...reasons],
    candidates,
  };
}

function ends(seat: Seat): Pick<Wire, 'containerId' | 'networkId' | 'kind' | 'containerLink'> {
  return {
    containerId: seat.container.id,
    networkId: seat.endpoint.networkId,
    kind: seat.kind,
    ...(seat.found ? { containerLink: ref(seat.found.link) } : {}),
  };
}

function ref(link: Link): LinkRef {
  return { name: link.name, ifindex: link.ifindex };
}

/** A wire to a host link that the evidence proves, strongest evidence first. */
export function provenWire(seat: Seat, hostLink: Link, evidence: readonly Evidence[]): Wire {
  const isRider = seat.kind === 'macvlan' || seat.kind === 'ipvlan';
  const strayed: Evidence[] =
    seat.kind === 'veth' && seat.expected !== undefined && hostLink.master !== seat.expected
      ? [{ kind: 'notOnBridge', hostLink: hostLink.name, bridge: seat.expected }]
      : [];
  return {
    ...ends(seat),
    hostLink: ref(hostLink),
    // The parent of a macvlan may be a port of a bond or a bridge itself: its wire goes no further.
    ...(hostLink.master === undefined || isRider ? {} : { bridge: hostLink.master }),
    confidence: 'exact',
    evidence: [...evidence, ...(seat.found ? [seat.found.evidence] : []), ...strayed],
    candidates: [],
  };
}
