import { describe, expect, it } from 'vitest';
import type { DaemonFacts, EngineFacts, RuntimeFacts } from '../../../../src/kernel/local/engineFacts.ts';
import { judge } from '../../../../src/kernel/local/engineNamespace.ts';

const bridges = ['docker0', 'br-0123456789ab'];
/** Keys of two network namespaces. */
const ours = 1;
const other = 2;

function fact(process: 'self' | number, key: number, more: Partial<RuntimeFacts> = {}): RuntimeFacts {
  const links = new Set(['lo', ...bridges]);
  return { process, key, links, hasSocket: true, uidMap: '0 0 4294967295\n', isConmon: false, ...more };
}

function daemon(process: number, key: number, more: Partial<DaemonFacts> = {}): DaemonFacts {
  return { ...fact(process, key), name: 'dockerd', uid: 0, ownsSocket: undefined, ...more };
}

function facts(more: Partial<EngineFacts>): EngineFacts {
  return {
    self: fact('self', ours),
    daemons: [],
    runtimes: [],
    socketPath: '/run/docker.sock',
    socketUid: 0,
    ...more,
  };
}

const found = (process: 'self' | number, key: number, owner?: number): unknown => ({
  kind: 'found',
  namespace: { process, key, ...(owner === undefined ? {} : { owner }) },
});

describe('the engine’s namespace', () => {
  it('is that of the dockerd that holds the socket, wherever we are', () => {
    const owner = daemon(50, other, { ownsSocket: true });
    // Another engine runs beside it, in our own namespace, with bridges of the same names.
    const daemons = [daemon(60, ours, { ownsSocket: false }), owner];
    expect(judge(facts({ daemons }), bridges)).toEqual(found(50, other, 50));
    expect(judge(facts({ daemons: [daemon(50, ours, { ownsSocket: true })] }), bridges)).toEqual(
      found('self', ours, 50),
    );
  });

  it('is that of the parents of its containers, where an ordinary user sees no more', () => {
    const runtimes = [fact(91, ours)];
    expect(judge(facts({ runtimes, daemons: [daemon(50, ours)] }), bridges)).toEqual(found('self', ours));
    expect(judge(facts({ runtimes: [fact(91, other)], daemons: [daemon(50, other)] }), bridges)).toEqual(
      found(91, other),
    );
  });

  it('is proven without a visible dockerd by the socket that is bound in it', () => {
    expect(judge(facts({ runtimes: [fact(91, ours)] }), bridges)).toEqual(found('self', ours));
  });

  it('is proven behind a proxy socket where no other dockerd is about', () => {
    const runtimes = [fact(91, ours, { hasSocket: false })];
    expect(judge(facts({ runtimes, daemons: [daemon(50, ours)] }), bridges)).toEqual(found('self', ours));
  });

  it('is ours with no container running, where all points to the one dockerd here', () => {
    expect(judge(facts({ daemons: [daemon(50, ours)] }), bridges)).toEqual(found('self', ours));
    expect(judge(facts({ daemons: [daemon(50, ours)] }), ['docker0'])).toEqual(found('self', ours));
  });

  it('is Podman’s whatever dockerd there is, by the parents of its containers and the socket that is bound in it', () => {
    const daemons = [daemon(50, other)];
    expect(judge(facts({ runtimes: [fact(91, ours, { isConmon: true })], daemons }), bridges)).toEqual(
      found('self', ours),
    );
  });

  it('is that of the podman that holds the socket, where the parents of its containers agree', () => {
    const daemons = [daemon(50, other, { name: 'podman', ownsSocket: true }), daemon(60, ours)];
    expect(judge(facts({ daemons }), [])).toEqual(found(50, other, 50));
    expect(judge(facts({ daemons, runtimes: [fact(91, other, { isConmon: true })] }), bridges)).toEqual(
      found(50, other, 50),
    );
  });

  it('is believed though a person deleted one of its bridges', () => {
    const self = fact('self', ours, { links: new Set(['docker0']) });
    const runtimes = [fact(91, ours, { links: new Set(['docker0']) })];
    expect(judge(facts({ self, runtimes }), bridges)).toEqual(found('self', ours));
  });

  const odd: readonly (readonly [string, string, Partial<EngineFacts>, RegExp])[] = [
    [
      'two processes hold the socket in two namespaces',
      'unproven',
      { daemons: [daemon(50, ours, { ownsSocket: true }), daemon(51, other, { ownsSocket: true })] },
      /50, 51 hold the socket/,
    ],
    [
      'its containers have parents in two namespaces',
      'unproven',
      { runtimes: [fact(91, ours), fact(92, other)] },
      /91, 92, live in several/,
    ],
    [
      'dockerd is in another namespace than the parents of its containers',
      'otherNamespace',
      { runtimes: [fact(91, ours)], daemons: [daemon(50, other)] },
      /dockerd \(50\) is not in the namespace of process 91/,
    ],
    [
      'a socket is bound nowhere and a second dockerd runs elsewhere',
      'otherNamespace',
      { runtimes: [fact(91, ours, { hasSocket: false })], daemons: [daemon(50, ours), daemon(51, other)] },
      /nobody listens on \/run\/docker.sock/,
    ],
    [
      'a socket is bound nowhere and no dockerd is to be seen',
      'otherNamespace',
      { runtimes: [fact(91, ours, { hasSocket: false })] },
      /nobody listens/,
    ],
    [
      'a rootless engine works in a namespace that no process is in',
      'otherNamespace',
      { runtimes: [fact(91, ours, { uidMap: '0 1000 1\n' })], daemons: [daemon(50, ours)] },
      /another user namespace/,
    ],
    [
      'none of its bridges is there',
      'otherNamespace',
      { runtimes: [fact(91, ours, { links: new Set(['lo', 'eth0']) })] },
      /none of its bridges/,
    ],
    [
      'podman’s threads are in another namespace than the parents of its containers',
      'unproven',
      {
        daemons: [daemon(50, other, { name: 'podman', ownsSocket: true })],
        runtimes: [fact(91, ours, { isConmon: true })],
      },
      /podman \(50\) and the parents of its containers, 91, live in several/,
    ],
    [
      'Podman’s socket is bound nowhere, and there is a dockerd, which is not its engine',
      'otherNamespace',
      { runtimes: [fact(91, ours, { isConmon: true, hasSocket: false })], daemons: [daemon(50, ours)] },
      /nobody listens/,
    ],
    ['nothing runs and no dockerd is visible', 'unproven', {}, /no dockerd is visible/],
    [
      'nothing runs and dockerd is elsewhere',
      'unproven',
      { daemons: [daemon(50, ours), daemon(51, other)] },
      /\(50, 51\) is in another/,
    ],
    [
      'nothing runs and the socket is a tunnel that a program of ours listens on',
      'unproven',
      { daemons: [daemon(50, ours)], socketUid: 1000 },
      /its socket is not that of the dockerd/,
    ],
    [
      'nothing runs and nobody listens here',
      'unproven',
      { daemons: [daemon(50, ours)], self: fact('self', ours, { hasSocket: false }) },
      /nobody listens/,
    ],
    [
      'nothing runs and a bridge is missing',
      'unproven',
      { daemons: [daemon(50, ours)], self: fact('self', ours, { links: new Set(['docker0']) }) },
      /not all of its bridges/,
    ],
  ];

  it.each(odd)('is not guessed where %s', (_, reason, more, because) => {
    expect(judge(facts(more), bridges)).toEqual({
      kind: 'absent',
      reason,
      because: expect.stringMatching(because) as string,
    });
  });

  it('is not guessed where nothing runs and docker0 is all that it knows of an engine at an unusual place', () => {
    const only = facts({ daemons: [daemon(50, ours)], socketPath: '/home/me/tunnel.sock' });
    expect(judge(only, ['docker0'])).toMatchObject({ kind: 'absent', reason: 'unproven' });
    expect(judge(only, bridges)).toMatchObject({ kind: 'found' });
  });
});
