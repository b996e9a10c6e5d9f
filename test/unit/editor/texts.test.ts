import { describe, expect, it } from 'vitest';
import { errorText, failureState, shortErrorText } from '../../../src/editor/errorText.ts';
import { absenceText, confidenceText, evidenceText } from '../../../src/editor/evidenceText.ts';
import { EngineError, type EngineErrorKind } from '../../../src/engine/engine.ts';
import type { Evidence, KernelAbsence } from '../../../src/topology/model.ts';

const errorKinds: Record<EngineErrorKind, string> = {
  unreachable: 'unreachable',
  timeout: 'unreachable',
  denied: 'denied',
  unsupported: 'unsupported',
  protocol: 'failed',
  notFound: 'failed',
  conflict: 'failed',
  invalid: 'failed',
  engine: 'failed',
  readOnly: 'failed',
  configuration: 'failed',
  rollback: 'failed',
  cancelled: 'failed',
};

describe('what people read', () => {
  it.each(Object.entries(errorKinds))(
    'a failure of kind %s says what happened, and belongs to a welcome view',
    (kind, state) => {
      const error = new EngineError(kind as EngineErrorKind, 'evil\u202Emessage');
      const { sentence, buttons } = errorText(error);
      expect(sentence).toMatch(/^[A-Z].*[.)]$/);
      expect(sentence).not.toMatch(/\u202E|\{\d\}/);
      expect(new Set(buttons.map(({ title }) => title)).size).toBe(buttons.length);
      expect(failureState(error)).toBe(state);
      expect(shortErrorText(error)).not.toBe('');
    },
  );

  it('a denied socket comes with the command that opens it', () => {
    expect(errorText(new EngineError('denied', 'EACCES')).sentence).toContain('sudo usermod -aG docker $USER');
  });

  it('an engine that is too old is told with its versions', () => {
    const error = new EngineError('unsupported', 'engine speaks API 1.12, 1.24 is the oldest');
    expect(errorText(error).sentence).toContain('engine speaks API 1.12, 1.24 is the oldest');
  });

  const evidence: Evidence[] = [
    { kind: 'peerIndex', containerLink: 'eth0', iflink: 7, hostLink: 'veth1' },
    { kind: 'pointsBack', hostLink: 'veth1', iflink: 2 },
    { kind: 'peerNamespace', hostLink: 'veth1', netnsId: 3 },
    { kind: 'uniqueIndex', ifindex: 2, hostLink: 'veth1' },
    { kind: 'fdb', bridge: 'docker0', mac: '02:42:00:00:00:01', portNo: 2, hostLink: 'veth1', ageSeconds: 3.21 },
    { kind: 'counters', hostLink: 'veth1', packets: 12 },
    { kind: 'onlyOneLeft', bridge: 'docker0', hostLink: 'veth1' },
    { kind: 'mac', containerLink: 'eth0', mac: '02:42:00:00:00:01' },
    { kind: 'subnet', containerLink: 'eth0', destination: '172.17.0.0/16', address: '172.17.0.2' },
    { kind: 'onlyInterface', containerLink: 'eth0' },
    { kind: 'parent', containerLink: 'eth0', parent: 'eth1' },
    { kind: 'recordedParent', containerLink: 'eth0', parent: 'eth1' },
    { kind: 'notOnBridge', hostLink: 'veth1', bridge: 'docker0' },
    { kind: 'severalCandidates', count: 3 },
    { kind: 'noCandidate', bridge: 'docker0' },
    { kind: 'otherNamespace', driver: 'overlay' },
    { kind: 'noKernel', reason: 'unproven' },
    { kind: 'namespaceUnread' },
    { kind: 'hostUnread' },
    { kind: 'contradiction', hostLink: 'veth1' },
  ];

  it.each(evidence.map((one) => [one.kind, one] as const))(
    'evidence %s is a sentence that names what it speaks of',
    (_, one) => {
      const sentence = evidenceText(one, (name) => `<${name}>`);
      expect(sentence).toMatch(/\.$/);
      expect(sentence).not.toMatch(/\{\d\}|undefined/);
      const { kind: _kind, ...facts } = one;
      for (const value of Object.values(facts)) {
        if (typeof value === 'string' && value !== 'unproven') expect(sentence).toContain(`<${value}>`);
      }
    },
  );

  it.each<KernelAbsence>([
    'notLocal',
    'otherMachine',
    'otherNamespace',
    'unproven',
    'disabled',
    'notAllowed',
    'noImage',
    'failed',
  ])('an absent kernel (%s) is explained', (reason) => {
    expect(absenceText(reason)).toMatch(/\.$/);
  });

  it('a wire that the kernel vouches for reads unlike one that is guessed', () => {
    expect(new Set((['exact', 'likely', 'unknown'] as const).map(confidenceText)).size).toBe(3);
  });
});
