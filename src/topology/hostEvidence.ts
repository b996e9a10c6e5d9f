import type { HostLinks } from './hostLinks.ts';
import type { Evidence, Link, Wire } from './model.ts';
import { provenWire, unknownWire, type Seat } from './seat.ts';

/**
 * What an ordinary user can prove: no peer index is readable, so the host's side has to tell. In rounds, because each
 * wire that is proven takes a candidate away from the others and shows which namespace id is whose.
 */
export function wireByHostEvidence(seats: readonly Seat[], host: HostLinks): Wire[] {
  const done: Wire[] = [];
  let open = [...seats];
  for (let progress = true; progress;) {
    const rule = [proveByFdb, proveByNamespace, proveByUniqueIndex].find((prove) => {
      const sound = withoutRivals(open.flatMap((seat) => prove(seat, host) ?? []));
      for (const { seat, link, evidence } of sound) {
        host.claim(link, seat.container.id);
        done.push(provenWire(seat, link, [evidence]));
      }
      const proven = new Set(sound.map(({ seat }) => seat));
      open = open.filter((seat) => !proven.has(seat));
      return sound.length > 0;
    });
    progress = rule !== undefined;
  }
  const guesses = withoutRivals(open.flatMap((seat) => guess(seat, host, open) ?? []));
  for (const { seat, link, evidence } of guesses) {
    done.push({ ...provenWire(seat, link, [evidence]), confidence: 'likely' });
  }
  const guessed = new Set(guesses.map(({ seat }) => seat));

  for (const seat of open) {
    if (!guessed.has(seat)) done.push(undecided(seat, host));
  }
  return done;
}

interface Proof {
  readonly seat: Seat;
  readonly link: Link;
  readonly evidence: Evidence;
}

/** Two seats that prove the same veth contradict each other: neither proof counts. */
function withoutRivals(proofs: readonly Proof[]): Proof[] {
  const times = new Map<string, number>();
  for (const { link } of proofs) times.set(link.name, (times.get(link.name) ?? 0) + 1);
  return proofs.filter(({ link }) => times.get(link.name) === 1);
}

function proveByFdb(seat: Seat, host: HostLinks): Proof | undefined {
  const { mac } = seat.endpoint;
  const learned = mac === undefined || seat.expected === undefined ? undefined : host.learned(seat.expected, mac);
  if (!learned || host.isClaimed(learned.link)) return undefined;
  // A container that forges another's source address moves the entry to its own port: the index must agree.
  const index = seat.found?.link.ifindex;
  return index === undefined || learned.link.iflink === index ? { seat, ...learned } : undefined;
}

function proveByNamespace(seat: Seat, host: HostLinks): Proof | undefined {
  const index = seat.found?.link.ifindex;
  if (index === undefined) return undefined;
  const { id } = seat.container;
  const [link, ...others] = host.pointingAt(index, id).filter((veth) => host.isNamespaceOf(veth, id));
  if (!link || others.length > 0 || link.peerNetnsId === undefined) return undefined;
  return { seat, link, evidence: { kind: 'peerNamespace', hostLink: link.name, netnsId: link.peerNetnsId } };
}

/** In the whole namespace, not only on the bridge: a veth that a person moved is still somewhere. */
function proveByUniqueIndex(seat: Seat, host: HostLinks): Proof | undefined {
  const link = seat.found?.link;
  if (!link) return undefined;
  const [veth, ...others] = host.pointingAt(link.ifindex, seat.container.id);
  if (!veth || others.length > 0) return undefined;
  return { seat, link: veth, evidence: { kind: 'uniqueIndex', ifindex: link.ifindex, hostLink: veth.name } };
}

/** True unless a person moved a veth by hand: then the counters or the last one left would mislead. */
function guess(seat: Seat, host: HostLinks, open: readonly Seat[]): Proof | undefined {
  const { expected, found } = seat;
  if (expected === undefined) return undefined;
  const candidates = possibleOnBridge(seat, host);
  const rivals = open.filter((other) => other.expected === expected);

  const mirrored = found ? candidates.filter((veth) => mirrors(veth, found.link)) : [];
  const [twin] = mirrored;
  if (
    twin?.counters &&
    mirrored.length === 1 &&
    rivals.filter((other) => other.found && mirrors(twin, other.found.link)).length === 1
  ) {
    const packets = twin.counters.rxPackets + twin.counters.txPackets;
    return { seat, link: twin, evidence: { kind: 'counters', hostLink: twin.name, packets } };
  }
  const [last] = candidates;
  if (!last || candidates.length !== 1) return undefined;
  // Counters that cannot be two ends of one wire speak louder than being the only one left.
  if (found && disagrees(last, found.link)) return undefined;
  return { seat, link: last, evidence: { kind: 'onlyOneLeft', bridge: expected, hostLink: last.name } };
}

function possibleOnBridge(seat: Seat, host: HostLinks): Link[] {
  const index = seat.found?.link.ifindex;
  const onBridge = seat.expected === undefined ? [] : host.onBridge(seat.expected, seat.container.id);
  return index === undefined ? onBridge : onBridge.filter((veth) => veth.iflink === index);
}

/** What one end received the other sent, with traffic enough to tell one wire from the next. */
function mirrors(veth: Link, inner: Link): boolean {
  const [a, b] = [veth.counters, inner.counters];
  if (!a || !b || a.rxPackets + a.txPackets === 0) return false;
  return (
    a.rxBytes === b.txBytes && a.txBytes === b.rxBytes && a.rxPackets === b.txPackets && a.txPackets === b.rxPackets
  );
}

/** The two files are read milliseconds apart, so a busy wire differs a little: only another order of size is a no. */
function disagrees(veth: Link, inner: Link): boolean {
  const [a, b] = [veth.counters, inner.counters];
  if (!a || !b) return false;
  const far = (x: number, y: number): boolean => Math.abs(x - y) > 1_000 + 0.1 * Math.max(x, y);
  return far(a.rxPackets, b.txPackets) || far(a.txPackets, b.rxPackets);
}

/** The true one is among the candidates also where a person moved it to another bridge or to none. */
function undecided(seat: Seat, host: HostLinks): Wire {
  const index = seat.found?.link.ifindex;
  const anywhere = index === undefined ? possibleOnBridge(seat, host) : host.pointingAt(index, seat.container.id);
  const likeliest = new Set(possibleOnBridge(seat, host).map(({ name }) => name));
  const names = anywhere.map(({ name }) => name);
  // Those on the endpoint's own bridge first.
  const candidates = [...names.filter((name) => likeliest.has(name)), ...names.filter((name) => !likeliest.has(name))];
  const reason: Evidence = host.isUnread
    ? { kind: 'hostUnread' }
    : candidates.length === 0
      ? { kind: 'noCandidate', bridge: seat.expected ?? '' }
      : { kind: 'severalCandidates', count: candidates.length };
  return unknownWire(seat, [reason], candidates);
}
